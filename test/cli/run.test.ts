import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { commands } from '../../src/cli/run.ts'
import { createScene } from './scene.ts'

const scene = createScene()
afterAll(scene.remove)

describe('thymus', () => {
  it('shows every command in its overview', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { code, out } = await scene.run(...args)
      expect(code).toBe(0)
      for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`  ${name} +${summary.slice(0, 20)}`))
    }
    expect((await scene.run()).code).toBe(2)
    expect(await scene.run('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' })
  })

  it('has the commands of the design', () => {
    const names = commands.map(({ name }) => name).toSorted()
    expect(names).toEqual(
      [
        'cells',
        'clients',
        'config',
        'demo',
        'deploys',
        'detectors',
        'models',
        'doctor',
        'evaluate',
        'explain',
        'learn',
        'replay',
        'rules',
        'start',
      ].toSorted(),
    )
  })

  it('helps with each command and explains each option', async () => {
    for (const { name, options } of commands) {
      const { code, out } = await scene.run(name, '--help')
      expect(code).toBe(0)
      expect(out).toContain(`Usage: thymus ${name}`)
      for (const [option, { sentence }] of Object.entries(options)) {
        expect(out).toContain(`--${option}`)
        expect(sentence).toMatch(/^[A-Z].+\.$/)
      }
    }
  })

  it('prints one JSON object on demand wherever it prints', () => {
    const printing = commands.filter(({ name }) => name !== 'start')
    for (const { name, options } of printing) expect(`${name} ${Object.keys(options)}`).toContain('json')
  })

  const refused: readonly (readonly [readonly string[], string])[] = [
    [['evalute'], 'thymus has no command "evalute", expected evaluate.'],
    [['xyz'], 'thymus has no command "xyz", expected one of start, demo'],
    [['start', '--prot', '1'], 'thymus start has no option --prot, expected --port.'],
    [['start', '--zzzzzzzzz'], 'thymus start has no option --zzzzzzzzz, see thymus start --help.'],
    [['start', '--port', '70000'], '--port is "70000", expected a whole number from 0 to 65535.'],
    [['start', '--port', '1e3'], '--port is "1e3", expected a whole number'],
    [['start', '--port'], '--port needs a value: --port NUMBER.'],
    [['start', '--config', '--mode'], '--config needs a value: --config FILE.'],
    [['start', '--mode', 'block'], '--mode is "block", expected one of off, learn, monitor, enforce.'],
    [['start', '--upstream', 'localhost:3000'], '--upstream is "localhost:3000", expected a URL without a path'],
    [['start', '--upstream', 'http://x/y'], '--upstream is "http://x/y", expected a URL without a path'],
    [['start', 'now'], 'thymus start does not know what to do with "now".'],
    [['config'], 'thymus config needs one of check, print, schema.'],
    [['config', 'chekc'], 'thymus config chekc: the action is "chekc", expected one of check, print, schema.'],
    [['config', 'check', '--json=yes'], '--json takes no value, but got "yes".'],
    [['evaluate'], 'thymus evaluate needs --traffic FILE.'],
    [
      ['evaluate', '--traffic', 'x', '--layers', 'inate'],
      '--layers is "inate", expected one of innate, memory, adaptive, behaviour.',
    ],
    [
      ['evaluate', '--traffic', 'x', '--group-by', 'moon'],
      '--group-by is "moon", expected one of client, source, host.',
    ],
    [['evaluate', '--traffic', 'x', '--seed', '-1'], '--seed is "-1", expected a whole number from 0'],
    [['learn'], 'thymus learn needs --from FILE.'],
    [['explain'], 'thymus explain needs a reference id, see thymus explain --help.'],
    [['cells', 'forget'], 'thymus cells forget needs the id of a cell'],
    [['clients', 'list', 'x'], 'thymus clients list does not know what to do with "x".'],
    [['clients', 'exempt', 'a', '--for', '1y'], '--for is "1y", expected minutes, hours or days like 30m, 12h or 7d.'],
    [['deploys'], 'thymus deploys needs one of mark, list.'],
    [['models'], 'thymus models needs one of list, rollback.'],
    [['detectors'], 'thymus detectors needs one of list, retire.'],
    [['detectors', 'retire'], 'thymus detectors retire needs the id of a detector, see'],
    [['models', 'rollback'], 'thymus models rollback needs the id of a model, see'],
    [['deploys', 'mark'], 'thymus deploys mark needs --reason TEXT.'],
    [
      ['deploys', 'mark', '--reason', 'r', '--route', 'a'],
      '--route is "a", expected a route template like /orders/**.',
    ],
    [
      ['deploys', 'mark', '--reason', 'r', '--window', '5'],
      '--window is "5", expected a whole number from 60000 to 86400000.',
    ],
    [['clients', 'release', 'a', '--for', '1d'], '--for belongs to thymus clients exempt.'],
    [['cells', 'list', '--admin', 'localhost'], '--admin is "localhost", expected a URL like http://127.0.0.1:9090.'],
  ]

  it(`refuses each of ${refused.length} bad command lines with one sentence and exit code 2`, async () => {
    let ran = 0
    for (const [args, sentence] of refused) {
      const { code, out, err } = await scene.run(...args)
      expect({ args, code, out }).toEqual({ args, code: 2, out: '' })
      expect(err).toContain(sentence)
      expect(err).toMatch(/^thymus: .+ \[THY_OPTION\]\n$/)
      ran += 1
    }
    expect(ran).toBe(34)
  })

  it('answers every command line with an exit code, whatever the words', async () => {
    const safe = createScene({
      startGateway: () => Promise.reject(new Error('no')),
      startDemo: () => Promise.reject(new Error('no')),
    })
    const word = fc.oneof(
      fc.constantFrom(
        'start',
        'config',
        'cells',
        'list',
        'explain',
        'rules',
        '--port',
        '0',
        '--json',
        '--',
        '-x',
        '--=',
        '-',
        '--help=1',
        '--admin',
        '__proto__',
        '--__proto__',
        '--constructor',
        'evaluate',
        '--traffic',
      ),
      fc.string({ maxLength: 8 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (args) => {
        const { code, err } = await safe.run(...args.filter((arg) => arg !== 'list' && arg !== 'demo'))
        expect([0, 1, 2]).toContain(code)
        if (code === 2 && args.length > 0 && err !== '') expect(err).toMatch(/\[THY_[A-Z_]+\]\n$/)
      }),
      { numRuns: 150 },
    )
    safe.remove()
  })

  it('tells an unexpected fault in one sentence, with the place only on demand', async () => {
    const broken = createScene({ startGateway: () => Promise.reject(new TypeError('x is not a function')) })
    const args = ['start', '--upstream', 'http://127.0.0.1:1']
    const plain = await broken.run(...args)
    expect(plain.code).toBe(1)
    expect(plain.err).toBe(
      'thymus: Something unexpected went wrong: x is not a function. Run it again with --debug for the place.\n',
    )
    expect((await broken.run(...args, '--debug')).err).toContain('at ')
    broken.remove()
  })
})

describe('bin/thymus.js', () => {
  const bin = fileURLToPath(new URL('../../bin/thymus.js', import.meta.url))
  const execute = promisify(execFile)

  it('refuses an old Node with one sentence and exit code 2', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'14.21.3'})"
    const thrown: unknown = await execute(process.execPath, ['--import', pretend, bin, 'start']).catch(
      (error: unknown) => error,
    )
    expect(thrown).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'thymus: Node 14.21.3 is too old, expected 24 or later. [THY_NODE_VERSION]\n',
    })
  })
})
