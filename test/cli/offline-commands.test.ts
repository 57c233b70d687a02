import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { createScene } from './scene.ts'

const scene = createScene()
afterAll(scene.remove)
const json = (text: string) => JSON.parse(text)

describe('thymus config', () => {
  it('checks, prints with origins, and prints the schema', async () => {
    const other = createScene()
    other.write('thymus.yaml', 'mode: enforce\nredis:\n  url: redis://u:geheim@h\n')
    expect((await other.run('config', 'check')).out).toBe('thymus.yaml is valid.\n')
    const { out } = await other.run('config', 'print', '--port', '1')
    expect(out).toMatch(/^mode +"enforce" +thymus\.yaml:1$/m)
    expect(out).toMatch(/^listen\.port +1 +command line$/m)
    expect(out).not.toContain('geheim')
    expect(json((await other.run('config', 'schema')).out)).toHaveProperty('properties.listen')
    other.write('thymus.yaml', 'mode: enforced\n')
    const bad = await other.run('config', 'check')
    expect(bad.code).toBe(2)
    expect(bad.err).toBe(
      'thymus: thymus.yaml is not valid: line 1: mode is "enforced", expected one of off, learn, monitor, enforce. [THY_CONFIG]\n',
    )
    other.remove()
  })
})

describe('thymus rules', () => {
  it('lists the shipped rules and explains one', async () => {
    const { rules } = json((await scene.run('rules', 'list', '--json')).out)
    expect(rules.length).toBeGreaterThan(60)
    const explained = await scene.run('rules', 'explain', rules[0].id)
    expect(explained.out).toContain(rules[0].title)
    expect(explained.out).toContain('It must match:')
    expect((await scene.run('rules', 'explain', 'nothing-1')).err).toContain('No rule has the id "nothing-1"')
  })

  it('runs the cases of every rule, and all of them hold', async () => {
    const { code, out } = await scene.run('rules', 'test', '--json')
    expect(json(out).failures).toEqual([])
    expect(code).toBe(0)
    expect(json(out).cases).toBeGreaterThan(300)
  })

  it('lists and explains the rules of SecLang files beside the shipped ones, and refuses a broken file', async () => {
    const other = createScene()
    const file = join(other.cwd, 'own.conf')
    other.write(
      'own.conf',
      '# one\nSecRule ARGS "@rx (?i)evil" \\\n  "id:900100,phase:2,deny,chain,msg:\'Evil words\'"\n\n  SecRule ARGS:b "@eq 1" "t:none"\nSecMarker END\n',
    )
    other.write('thymus.yaml', `innate:\n  secLangFiles: [${file}]\n`)
    const { rules } = json((await other.run('rules', 'list', '--json')).out)
    expect(rules.length).toBeGreaterThan(60)
    expect(rules.at(-1)).toMatchObject({ id: '900100', title: 'Evil words' })
    const explained = (await other.run('rules', 'explain', '900100')).out
    expect(explained).toContain('SecRule ARGS:b "@eq 1" "t:none"')
    expect(explained).not.toContain('SecMarker')
    other.write('thymus.yaml', `innate:\n  secLangFiles: [${file}]\n  shippedRules: false\n`)
    expect(json((await other.run('rules', 'list', '--json')).out).rules).toHaveLength(1)
    other.write('own.conf', 'SecRule ARGS "@fuzzyHash x" "id:900200,phase:2,deny"\n')
    const broken = await other.run('rules', 'list')
    expect(broken.code).toBe(2)
    expect(broken.err).toMatch(/own\.conf:1: rule 900200: .*fuzzyHash.*\[THY_RULE\]/)
    other.remove()
  })

  it('exits 1 when a case fails', async () => {
    const failing = createScene({
      rules: () => ({
        list: () => [],
        notices: [],
        test: () => ({ rules: 1, cases: 2, failures: [{ ruleId: 'a-1', expected: 'match', sample: 'x\u001b[2J' }] }),
        explain: () => undefined,
      }),
    })
    const { code, out } = await failing.run('rules', 'test')
    expect(code).toBe(1)
    expect(out).toBe('a-1: expected match for x\uFFFD[2J\n1 rules, 2 cases, 1 wrong\n')
    failing.remove()
  })

  it('stops at a rule file that does not compile', async () => {
    const broken = createScene()
    broken.write('thymus.yaml', `innate:\n  rulesDir: ${broken.cwd}/rules\n`)
    const { code, err } = await broken.run('rules', 'list')
    expect(code).toBe(2)
    expect(err).toMatch(/\[THY_[A-Z]+\]\n$/)
    broken.remove()
  })
})

/** A small service: three routes, numbers and words; attacks in the same places. */
function traffic(): string {
  const line = (label: string, url: string, more: Record<string, unknown> = {}) =>
    JSON.stringify({
      id: `${label}-${url}`,
      label,
      method: 'GET',
      url,
      headers: [
        ['Host', 'shop'],
        ['User-Agent', 'x'],
      ],
      ...more,
    })
  const lines: string[] = []
  for (let index = 0; index < 120; index += 1) {
    lines.push(
      line('benign', `/orders/${index}?page=${index % 9}&sort=name`, {
        split: 'train',
        client: `10.1.0.${index % 30}`,
      }),
    )
  }
  for (let index = 0; index < 40; index += 1)
    lines.push(line('benign', `/orders/${500 + index}?page=3&sort=name`, { client: '10.1.0.1' }))
  for (const attack of ["1'%20or%20'1'='1", '..%2f..%2f..%2fetc%2fpasswd', '%3Cscript%3Ealert(1)%3C/script%3E']) {
    lines.push(line('attack', `/orders/7?page=${attack}&sort=name`, { category: 'mixed', client: '10.9.9.9' }))
  }
  return lines.join('\n')
}

describe('thymus evaluate, replay and learn', () => {
  writeFileSync(join(scene.cwd, 'traffic.jsonl'), traffic())

  it('evaluates with the real engine and prints one JSON object', async () => {
    const { code, out, err } = await scene.run('evaluate', '--traffic', 'traffic.jsonl', '--json', '--seed', '7')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const report = json(out)
    expect(report).toMatchObject({ records: 163, taught: 120, scored: 43, groups: 1 })
    expect(report.asDeployed).toMatchObject({ tp: 3, fn: 0 })
    expect(Object.keys(report.layers)).toEqual(['innate', 'memory', 'adaptive', 'both'])
  })

  it('gives the same figures for the same seed', async () => {
    const figures = async () => {
      const { seconds, usPerRequest, ...rest } = json(
        (await scene.run('evaluate', '--traffic', 'traffic.jsonl', '--json')).out,
      )
      expect([typeof seconds, typeof usPerRequest]).toEqual(['number', 'number'])
      return rest
    }
    expect(await figures()).toEqual(await figures())
  })

  it('leaves out what it is told to, and prints tables for people', async () => {
    const { out } = await scene.run(
      'evaluate',
      '--traffic',
      'traffic.jsonl',
      '--without',
      'innate',
      '--group-by',
      'host',
    )
    expect(out).toContain('control: whitelist')
    expect(out).toContain('adaptive alone')
    expect(out).not.toContain('innate alone')
    expect(out).toContain('43 requests scored (3 attacks, 40 benign)')
  })

  it('replays in order and names who was refused', async () => {
    const { code, out } = await scene.run('replay', '--traffic', 'traffic.jsonl', '--mode', 'enforce', '--json')
    expect(code).toBe(0)
    const report = json(out)
    expect(report).toMatchObject({ records: 163, clients: 31, verdicts: { would: 0 } })
    expect(report.firstRefusals[0]).toMatchObject({ clientId: expect.stringContaining('10.9.9.9'), request: 1 })
    expect((await scene.run('replay', '--traffic', 'traffic.jsonl')).out).toContain('163 requests of 31 clients')
  })

  it('learns vetted traffic into the data folder, where the next run finds it', async () => {
    const self = scene.write('self.jsonl', traffic().split('\n').slice(0, 120).join('\n'))
    const learned = await scene.run(
      'learn',
      '--from',
      self,
      '--vetted',
      '--data-dir',
      join(scene.cwd, 'data'),
      '--json',
    )
    expect(learned).toMatchObject({ code: 0, err: '' })
    expect(json(learned.out)).toMatchObject({ records: 120, refused: 0 })
    const again = await scene.run('learn', '--from', self, '--data-dir', join(scene.cwd, 'data'))
    expect(again).toMatchObject({
      code: 0,
      out: 'learned from 120 records, 0 of them were refused and taught nothing\n',
    })
  })

  it('says which line of a traffic file is wrong', async () => {
    scene.write('bad.jsonl', '{"method":"GET","url":"/"}\n{"method":"GET"}\n')
    for (const args of [
      ['evaluate', '--traffic'],
      ['replay', '--traffic'],
      ['learn', '--data-dir', join(scene.cwd, 'd2'), '--from'],
    ]) {
      const { code, err } = await scene.run(...args, 'bad.jsonl')
      expect(code).toBe(2)
      expect(err).toBe('thymus: bad.jsonl line 2: "url" is missing, expected a string [THY_TRAFFIC]\n')
    }
  })
})

describe('the data folder', () => {
  it('answers for cells and clients when no gateway runs', async () => {
    const data = ['--data-dir', join(scene.cwd, 'state')]
    scene.write('thymus.yaml', 'admin:\n  enabled: false\n')
    expect((await scene.run('cells', 'list', ...data)).out).toContain('There are no memory cells at')
    expect((await scene.run('clients', 'list', ...data)).out).toContain('No client is held or exempt')
    const missing = await scene.run('cells', 'forget', 'c-1', ...data)
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('has the id "c-1"') })
    expect((await scene.run('clients', 'release', 'x', ...data)).code).toBe(2)
    const exempt = await scene.run('clients', 'exempt', 'address:192.0.2.1', '--reason', 'monitor', ...data)
    expect(exempt).toMatchObject({ code: 0, out: 'The client address:192.0.2.1 is exempt for good.\n' })
    const { exemptions } = json((await scene.run('clients', 'list', '--json', ...data)).out)
    expect(exemptions).toMatchObject([{ clientId: 'address:192.0.2.1', untilMs: null, reason: 'monitor' }])
  })

  it('explains a reference id from the audit file', async () => {
    const data = join(scene.cwd, 'state')
    const line = { '@timestamp': 'x', 'thymus.reference_id': 'abc-1', 'event.reason': 'because\u001b[31m' }
    writeFileSync(join(data, 'audit.jsonl'), `{"other":1}\n${JSON.stringify(line)}\n`)
    const { code, out } = await scene.run('explain', 'abc-1', '--data-dir', data)
    expect(code).toBe(0)
    expect(out).toContain('event.reason: because\uFFFD[31m')
    expect(json((await scene.run('explain', 'abc-1', '--data-dir', data, '--json')).out)).toEqual({
      from: 'audit',
      line,
    })
    expect((await scene.run('explain', 'abc-2', '--data-dir', data)).err).toContain('[THY_REFERENCE]')
  })
})
