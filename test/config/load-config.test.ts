// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is the syntax of the configuration file
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { loadConfig, printableSettings } from '../../src/config/load-config.ts'
import type { ConfigInput } from '../../src/config/schema.ts'
import { ThymusError } from '../../src/core/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'thymus-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function write(text: string | Uint8Array, extension = 'yaml'): string {
  files += 1
  const file = join(folder, `settings-${files}.${extension}`)
  writeFileSync(file, text)
  return file
}

type Env = Readonly<Record<string, string>>

function load(text: string, options: { env?: Env; overrides?: ConfigInput } = {}) {
  return loadConfig({ file: write(text), env: options.env ?? {}, overrides: options.overrides ?? {} })
}

async function faultOf(promise: Promise<unknown>): Promise<ThymusError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ThymusError)
  return thrown as ThymusError
}

describe('loadConfig', () => {
  it('gives the defaults without a file', async () => {
    const loaded = await loadConfig({ env: {} })
    expect(loaded.config.listen.port).toBe(8080)
    expect(loaded.originOf('listen.port')).toBe('default')
  })

  it('lays the file over the defaults and the command line over both', async () => {
    const text = 'mode: enforce\nlisten:\n  port: 1234\n  host: 127.0.0.1\n'
    const { config, originOf } = await load(text, { overrides: { listen: { port: 4321 } } })
    expect(config).toMatchObject({ mode: 'enforce', listen: { port: 4321, host: '127.0.0.1' } })
    expect(originOf('listen.port')).toBe('command line')
    expect(originOf('listen.host')).toMatch(/^settings-\d+\.yaml:4$/)
    expect(originOf('admin.port')).toBe('default')
  })

  it('accepts an empty file and a file of comments', async () => {
    expect((await load('')).config.mode).toBe('monitor')
    expect((await load('# nothing\n')).config.mode).toBe('monitor')
  })

  it('names file, line, key, value and what was expected', async () => {
    const { code, message } = await faultOf(load('mode: monitor\n\nlisten:\n  port: 70000\n'))
    expect(code).toBe('THY_CONFIG')
    expect(message).toMatch(
      /^settings-\d+\.yaml is not valid: line 4: listen\.port is 70000, expected whole number from 0 to 65535\.$/,
    )
  })

  it('names the line of an unknown key, in a list as well', async () => {
    expect((await faultOf(load('mode: off\nlisten:\n  prot: 1\n'))).message).toContain('line 3: listen.prot is 1')
    const routes = 'routes:\n  - match: GET /a\n  - match: GET /b\n    mod: off\n'
    expect((await faultOf(load(routes))).message).toContain('line 4: routes[1].mod is "off"')
    expect((await faultOf(load('trustedProxies:\n  - 10.0.0.1\n  - here\n'))).message).toContain(
      'line 3: trustedProxies[1]',
    )
  })

  it('says when a bad value came from the command line', async () => {
    const fault = await faultOf(load('mode: off\n', { overrides: { listen: { port: -1 } } }))
    expect(fault.message).toContain('on the command line listen.port is -1')
  })

  it('refuses a root that is no group, also with settings of the command line', async () => {
    for (const text of ['- a\n- b\n', 'just text', '7']) {
      expect((await faultOf(load(text, { overrides: { mode: 'off' } }))).message).toContain(
        'expected group of settings',
      )
    }
  })

  it('refuses what is no YAML with its line', async () => {
    expect((await faultOf(load('mode: off\nmode: learn\n'))).message).toContain('line 2: Map keys must be unique')
    expect((await faultOf(load('a: [1, 2\nb: 3\n'))).code).toBe('THY_CONFIG')
    expect((await faultOf(load('a: 1\n---\nb: 2\n'))).code).toBe('THY_CONFIG')
  })

  it('ends an alias bomb with an error', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 9; level += 1) {
      const before = String.fromCharCode(96 + level)
      const here = String.fromCharCode(97 + level)
      bomb.push(`${here}: &${here} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`)
    }
    expect((await faultOf(load(bomb.join('\n')))).code).toBe('THY_CONFIG')
  })

  it('tells a missing file, a folder and an oversized file apart from a bad one', async () => {
    for (const file of [join(folder, 'missing.yaml'), folder, write(Buffer.alloc(5_000_000, 32))]) {
      const fault = await faultOf(loadConfig({ file, env: {} }))
      expect(fault.code).toBe('THY_CONFIG_FILE')
      expect(fault.message).toContain(file)
    }
  })

  it('reads modules, and says what a module lacks', async () => {
    const good = await loadConfig({ file: write("export const config = { mode: 'enforce' }", 'mjs'), env: {} })
    expect(good.config.mode).toBe('enforce')
    const typed = "type Mode = 'off'\nconst mode: Mode = 'off'\nexport default { mode }"
    expect((await loadConfig({ file: write(typed, 'ts'), env: {} })).config.mode).toBe('off')
    const empty = await faultOf(loadConfig({ file: write('export const x = 1', 'mjs'), env: {} }))
    expect(empty).toMatchObject({ code: 'THY_CONFIG_FILE' })
    const broken = await faultOf(loadConfig({ file: write("throw new Error('no luck')", 'mjs'), env: {} }))
    expect(broken.message).toContain('no luck')
    const wrong = await faultOf(loadConfig({ file: write('export default { mode: 1 }', 'mjs'), env: {} }))
    expect(wrong.message).toContain('mode is 1, expected one of')
  })
})

describe('variables', () => {
  it('are replaced in values and take the type of the setting', async () => {
    const text = [
      'upstream: http://${API}:${API_PORT:-3000}',
      'listen: { port: "${PORT}" }',
      'admin: { enabled: "${ADMIN:-false}" }',
      'adaptive: { maxShare: "${SHARE}" }',
      'redis: { secret: "${SECRET}", prefix: "$${literal}x" }',
    ]
    const env = { API: 'api', PORT: '9999', SHARE: '0.5', SECRET: '1234567890123456' }
    const fault = await faultOf(load(text.join('\n'), { env }))
    expect(fault.message).toContain('redis.prefix is "${literal}x"')
    const { config } = await load(text.join('\n').replace('$${literal}x', 'x'), { env })
    expect(config).toMatchObject({
      upstream: 'http://api:3000',
      listen: { port: 9999 },
      admin: { enabled: false },
      adaptive: { maxShare: 0.5 },
      redis: { secret: '1234567890123456' },
    })
  })

  it('that are unset are an error with line and name; all of them are listed', async () => {
    const fault = await faultOf(load('mode: ${MODE}\nupstream: ${API}\n'))
    expect(fault.message).toContain('line 1: mode uses ${MODE}, which is not set')
    expect(fault.message).toContain('line 2: upstream uses ${API}, which is not set')
  })

  it('cannot add settings', async () => {
    const fault = await faultOf(
      load('dataDir: ${DIR}\nmode: ${MODE}', { env: { DIR: 'x\nmode: enforce', MODE: 'off\nlisten: 1' } }),
    )
    expect(fault.message).toContain('mode is "off\\nlisten: 1"')
  })

  it('give null where a setting may be null and the variable is empty', async () => {
    expect((await load('upstream: "${API:-}"')).config.upstream).toBeNull()
  })
})

describe('printableSettings', () => {
  it('shows every value with its origin and no secret', async () => {
    const loaded = await load('redis:\n  url: redis://me:hunter2@db:6379\n  secret: hunter2hunter2hunter2\n')
    const printed = printableSettings(loaded)
    expect(JSON.stringify(printed)).not.toContain('hunter2')
    expect(printed.find(({ key }) => key === 'redis.url')?.value).toBe('redis://(credentials)@db:6379')
    expect(printed.find(({ key }) => key === 'mode')).toEqual({ key: 'mode', value: 'monitor', origin: 'default' })
    expect(printed.length).toBeGreaterThan(70)
  })
})

describe('fuzz', () => {
  const settle = async (text: string | Uint8Array, overrides: ConfigInput = {}) => {
    try {
      const { config, originOf } = await loadConfig({ file: write(text), env: { A: '1' }, overrides })
      expect(typeof originOf('listen.port')).toBe('string')
      expect(config.listen.port).toBeGreaterThanOrEqual(0)
    } catch (error) {
      expect(error).toBeInstanceOf(ThymusError)
      expect(['THY_CONFIG', 'THY_CONFIG_FILE']).toContain((error as ThymusError).code)
    }
  }

  it('any bytes give a configuration or a ThymusError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => settle(bytes)),
      { numRuns: 200 },
    )
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 100 }), (text) => settle(text)),
      { numRuns: 200 },
    )
  })

  it('any YAML-like text gives a configuration or a ThymusError', async () => {
    const pieces = fc.constantFrom(
      ...[
        'mode',
        'listen',
        'port',
        'routes',
        'match',
        ': ',
        '\n',
        '\n  ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '&a ',
        '*a',
        '<<: ',
        '!!set ',
        '? ',
        '|',
        '>',
        '"',
        "'",
        '#',
        '1e999',
        '.nan',
        '.inf',
        'null',
        '~',
        '__proto__',
        'constructor',
        '$',
        '{A}',
        '${A}',
        '${B}',
        '${',
        '${A:-',
        '-1',
        '0x1F',
        '2001-01-01',
        '---',
        '...',
        '%TAG',
        '\t',
        '\uFEFF',
        '!!binary ',
      ],
    )
    const text = fc.array(pieces, { maxLength: 24 }).map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, (yaml) => settle(yaml, { listen: { port: 1 } })),
      { numRuns: 600 },
    )
  })

  it('any JSON gives a configuration or a ThymusError', async () => {
    const key = fc.constantFrom(
      'mode',
      'listen',
      'port',
      'redis',
      'url',
      'routes',
      'innate',
      'trustedProxies',
      '__proto__',
      'x',
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.anything({ maxDepth: 0 }).filter((leaf) => JSON.stringify(leaf) !== undefined && typeof leaf !== 'bigint'),
        fc.constantFrom('enforce', '10.0.0.0/8', 'http://a', 8080, true, null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(value, (document) => settle(JSON.stringify(document) ?? 'null')),
      { numRuns: 400 },
    )
  })
})
