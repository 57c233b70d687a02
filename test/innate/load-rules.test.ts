import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { messageOf, ThymusError } from '../../src/core/errors.ts'
import { loadRules, parseRules } from '../../src/innate/load-rules.ts'

const rule = (lines: readonly string[]): string =>
  [
    'family: own',
    'title: Own rules',
    'rules:',
    '  - id: own-100',
    '    title: A test rule',
    '    severity: critical',
    ...lines.map((line) => `    ${line}`),
    '    cases: { attack: [a, b, c], benign: [x, y] }',
  ].join('\n')

function faultOf(run: () => unknown): ThymusError {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof ThymusError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}

describe('parseRules', () => {
  it('compiles a rule with all of its parts', () => {
    const [compiled] = parseRules(
      rule(["targets: [args, '!query:q']", 'transforms: [sqlComments]', 'rx: union\\s+select']),
      'own.yaml',
    )
    expect(compiled).toMatchObject({
      id: 'own-100',
      family: 'own',
      score: 0.9,
      paranoia: 1,
      phase: 'body',
      isShadow: false,
      file: 'own.yaml',
      line: 4,
      keywords: [['select'], ['union']],
    })
    expect(compiled?.conditions[0].targets.source).toEqual(['args', '!query:q'])
    expect(compiled?.cases.attack).toHaveLength(3)
  })

  const faults: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['an unknown key', ['targets: [args]', 'rx: abc', 'colour: red'], 9, /colour.*Unrecognized/],
    ['an unknown operator', ['targets: [args]', 'regex: abc'], 8, /regex/],
    ['no operator', ['targets: [args]'], 4, /no operator; known are rx/],
    ['two operators', ['targets: [args]', 'rx: abc', 'contains: x'], 4, /more than one operator: rx, contains/],
    ['a pattern with a lookahead', ['targets: [args]', "rx: 'a(?=b)'"], 4, /rx: .*invalid/],
    ['a pattern with a back reference', ['targets: [args]', "rx: '(ab)\\1'"], 4, /rx: .*invalid/],
    ['a pattern with upper case', ['targets: [args]', 'rx: ABC'], 4, /upper-case letter A/],
    ['a pattern without literals', ['targets: [args]', "rx: '\\d+'"], 4, /keywords: none/],
    ['no targets', ['rx: abc'], 4, /targets is missing/],
    ['an unknown target', ['targets: [arguments]', 'rx: abc'], 4, /unknown target arguments; known are args/],
    ['only exclusions as targets', ["targets: ['!args']", 'rx: abc'], 4, /nothing to look at/],
    [
      'an unknown transformation',
      ['targets: [args]', 'transforms: [rot13]', 'rx: abc'],
      4,
      /unknown transformation rot13/,
    ],
    ['an unknown flag', ['targets: [args]', 'flags: [shiny]'], 4, /unknown flag shiny/],
    ['an unknown kind of host', ['targets: [args]', 'host: [moon]'], 4, /unknown kind moon/],
    ['bounds that are none', ['targets: [args]', 'length: {over: 3}'], 4, /expected bounds/],
    ['a bad paranoia level', ['targets: [args]', 'rx: abc', 'paranoia: 9'], 9, /paranoia/],
    ['an operator beside all', ['targets: [args]', 'rx: abc', 'all: [{rx: abc}]'], 4, /rx stands beside all/],
    ['a keyword that is not ASCII', ['targets: [args]', 'rx: abc', 'keywords: [ü]'], 4, /not ASCII/],
  ]

  it.each(faults)('refuses %s with file, line, rule and reason', (_what, lines, line, reason) => {
    const fault = faultOf(() => parseRules(rule(lines), '/rules/own.yaml'))
    expect(fault.code).toBe('THY_RULE')
    expect(fault.exitCode).toBe(2)
    expect(fault.message).toMatch(reason)
    expect(fault.message).toContain(`/rules/own.yaml:${line}:`)
    expect(fault.message).toContain('rule own-100')
  })

  it('ran every kind of fault', () => {
    expect(faults).toHaveLength(18)
  })

  it('refuses a rule without enough cases', () => {
    const text = rule(['targets: [args]', 'rx: abc']).replace('[a, b, c]', '[a, b]')
    expect(faultOf(() => parseRules(text, 'own.yaml')).message).toMatch(/own\.yaml:9: rule own-100: cases\.attack/)
    const none = rule(['targets: [args]', 'rx: abc']).replace(/ {4}cases.*/, '')
    expect(faultOf(() => parseRules(none, 'own.yaml')).message).toMatch(/rule own-100: cases/)
  })

  it('refuses text that is not YAML and names the line', () => {
    expect(faultOf(() => parseRules('family: x\nrules: [', 'own.yaml')).message).toMatch(/^own\.yaml:[12]:/)
    expect(faultOf(() => parseRules('family: x\nfamily: y\n', 'own.yaml')).message).toMatch(/^own\.yaml:2:/)
    expect(faultOf(() => parseRules('', 'own.yaml')).message).toMatch(/^own\.yaml:1:/)
  })
})

describe('loadRules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-rules-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('refuses an id that two files use, and names both places', () => {
    writeFileSync(join(folder, 'a.yaml'), rule(['targets: [args]', 'rx: abc']))
    writeFileSync(join(folder, 'b.yml'), rule(['targets: [args]', 'rx: abd']))
    const { message } = faultOf(() => loadRules([folder]))
    expect(message).toContain(`${join(folder, 'b.yml')}:4: rule own-100`)
    expect(message).toContain(`${join(folder, 'a.yaml')}:4`)
  })

  it('refuses a folder that is not there', () => {
    expect(faultOf(() => loadRules([join(folder, 'missing')])).message).toMatch(/missing cannot be read/)
  })

  it('loads the shipped folder and a further one together', () => {
    rmSync(join(folder, 'b.yml'))
    const all = loadRules()
    expect(loadRules([join(import.meta.dirname, '../../rules'), folder])).toHaveLength(all.length + 1)
  })
})

describe('any text as a rule file', () => {
  const keys = [
    'id',
    'title',
    'severity',
    'targets',
    'rx',
    'contains',
    'all',
    'cases',
    'not',
    'host',
    'length',
    'keywords',
  ]
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('args', 'critical', 'a+b', '('),
  )
  const anyRule = fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(
      leaf,
      fc.array(leaf),
      fc.dictionary(fc.string(), leaf),
      fc.constant({ attack: ['a', 'b', 'c'], benign: ['d', 'e'] }),
    ),
  )

  const load = (text: string): void => {
    try {
      parseRules(text, 'fuzz.yaml')
    } catch (thrown) {
      if (!(thrown instanceof ThymusError)) throw new Error(`unexpected: ${messageOf(thrown)}`)
    }
  }

  it('gives rules or a ThymusError, and nothing else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), load), { numRuns: 500 })
  })

  it('gives rules or a ThymusError when it nearly is a rule file', () => {
    const file = fc.record({
      family: fc.constant('own'),
      title: fc.constant('Own'),
      rules: fc.array(anyRule, { minLength: 1, maxLength: 3 }),
    })
    fc.assert(
      fc.property(file, (content) => load(stringify(content))),
      { numRuns: 500 },
    )
  })
})
