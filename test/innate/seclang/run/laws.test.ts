import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ProgramRunnerOptions } from '../../../../src/innate/seclang/run/create-program-runner.ts'
import type { Transaction } from '../../../../src/innate/seclang/run/transaction.ts'
import { programOf } from '../rule-texts.ts'
import { type Bench, benchOf, type RequestParts, shortly } from './run-case.ts'

const settings = 'SecRuleEngine DetectionOnly\nSecRequestBodyAccess On\nSecResponseBodyAccess On\n'

/** Words that rules and requests are made of, so that rules often match, by their literals or after transformations. */
const words = [
  'select',
  'UNION',
  '<script',
  '../',
  'etc/passwd',
  '%3Cscript',
  '%2e%2e/',
  '/**/',
  'a',
  '1',
  "'",
  ' ',
  '"',
  '\\',
  '+',
  '&#x3c;',
  ';ls',
  '\0',
]
const word = fc.constantFrom(...words)
const text = fc
  .array(fc.oneof(word, fc.string({ maxLength: 6, unit: 'binary' })), { maxLength: 8 })
  .map((all) => all.join(''))

const targets = fc.constantFrom(
  'ARGS',
  'ARGS|ARGS_NAMES',
  'ARGS:a',
  'ARGS|!ARGS:a',
  'ARGS:/^a/|REQUEST_HEADERS',
  'REQUEST_URI|REQUEST_COOKIES',
  'REQUEST_HEADERS:User-Agent',
  'REQUEST_BODY|ARGS',
  'ARGS|!ARGS:/b$/|REQUEST_COOKIES_NAMES',
)
const operators = fc.oneof(
  fc
    .uniqueArray(
      fc.constantFrom('select', 'union', '<script', '../', 'passwd', '\\.\\./', '\\s', '[;|]\\s*ls', '(?i)UNION'),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => `@rx ${all.join('|')}`),
  fc.constantFrom(
    '@pm select union passwd',
    '@contains etc/passwd',
    '@beginsWith ../',
    '@endsWith 1',
    '@streq a',
    '@rx ^a.*1$',
    '@rx (?i:sel)ect.*from?',
    '@within select union',
    '@validateByteRange 32-126',
    '@gt 3',
  ),
)
const transformations = fc.uniqueArray(
  fc.constantFrom(
    'lowercase',
    'urlDecodeUni',
    'htmlEntityDecode',
    'compressWhitespace',
    'removeWhitespace',
    'replaceComments',
    'normalisePath',
    'cmdLine',
    'jsDecode',
    'utf8toUnicode',
    'removeNulls',
    'base64Decode',
    'uppercase',
    'hexEncode',
  ),
  { maxLength: 5 },
)
const rule = fc.record({ targets, operators, transformations, isNegated: fc.boolean(), isMulti: fc.boolean() })

function ruleText(
  parts: {
    targets: string
    operators: string
    transformations: readonly string[]
    isNegated: boolean
    isMulti: boolean
  },
  id: number,
): string {
  const flags = `id:${id},phase:2,pass,t:none${parts.transformations.map((name) => `,t:${name}`).join('')}${parts.isMulti ? ',multiMatch' : ''}`
  return `SecRule ${parts.targets} "${parts.isNegated ? '!' : ''}${parts.operators}" "${flags},setvar:tx.n%{rule.id}=+1"`
}

const request: fc.Arbitrary<RequestParts> = fc
  .record({
    target: text.map((value) => `/p?a=${latin(value).replace(/[\s\0#]/g, '')}&xb=1`),
    headers: fc.tuple(text, text).map(
      ([agent, cookie]) =>
        [
          ['User-Agent', latin(agent)],
          ['Cookie', `a=${latin(cookie)}`],
          ['Content-Type', 'application/x-www-form-urlencoded'],
        ] as const,
    ),
    body: fc
      .array(fc.tuple(word, text), { maxLength: 4 })
      .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
  })
  .map((parts) => ({ method: 'POST', ...parts }))

const latin = (value: string): string => Buffer.from(value.replace(/[\r\n\0]/g, '')).toString('latin1')

const tell = (transaction: Transaction): readonly string[] => [
  ...transaction.matches.map(
    (match) => `${match.rule.id} ${shortly(match)} ${transaction.variable(`n${match.rule.id}`)}`,
  ),
  ...transaction.faults.map(({ reason }) => `fault ${reason}`),
]

describe('the prefilter', () => {
  it('never says no when the rule says yes, on generated rules and requests', () => {
    let matches = 0
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 8 }),
        fc.array(request, { minLength: 1, maxLength: 4 }),
        (rules, requests) => {
          const program = programOf(settings + rules.map((parts, index) => ruleText(parts, index + 1)).join('\n'))
          const options: Partial<ProgramRunnerOptions> = {}
          const quick = benchOf(program, options)
          const plain = benchOf(program, { ...options, hasPrefilter: false })
          // Twice, so that what was kept of the first time answers the second.
          for (const one of [...requests, ...requests, ...requests]) {
            const told = tell(plain.send(one))
            matches += told.length
            expect(tell(quick.send(one))).toEqual(told)
          }
        },
      ),
      { numRuns: 150 },
    )
    expect(matches).toBeGreaterThan(1_000)
  })
})

describe('a transaction', () => {
  const flowRules = fc.array(
    fc.constantFrom(
      (id: number) => `SecAction "id:${id},phase:${1 + (id % 5)},pass,skip:${id % 4}"`,
      (id: number) => `SecRule ARGS "@rx ." "id:${id},phase:2,pass,skipAfter:M${id % 3},setvar:tx.%{MATCHED_VAR}=+1"`,
      (id: number) => `SecMarker "M${id % 3}"`,
      (id: number) => `SecAction "id:${id},phase:1,allow:phase"`,
      (id: number) =>
        `SecRule TX:/./ "@rx ." "id:${id},phase:4,deny,capture,initcol:ip=%{ARGS.a},setvar:ip.%{tx.0}=%{tx.1}"`,
      (id: number) =>
        `SecRule REQUEST_HEADERS|XML:/* "@rx (a+)+b" "id:${id},phase:2,block,chain"\n  SecRule MATCHED_VARS "@detectSQLi" "ctl:ruleRemoveTargetById=1-99;ARGS"`,
      (id: number) => `SecRule REQUEST_BODY "!@validateUtf8Encoding" "id:${id},phase:2,pass,msg:'%{MATCHED_VAR}'"`,
    ),
    { maxLength: 12 },
  )

  it('ends without a fault on any bytes, whatever the rules jump over', () => {
    fc.assert(
      fc.property(
        flowRules,
        fc.uint8Array({ maxLength: 200 }),
        text,
        fc.constantFrom(
          'application/json',
          'text/xml',
          'multipart/form-data; boundary=x',
          'application/x-www-form-urlencoded',
          'x',
        ),
        (rules, bytes, line, type) => {
          const bench: Bench = benchOf(
            programOf(`${settings}SecRuleEngine On\n${rules.map((make, index) => make(index + 1)).join('\n')}`),
          )
          const target = `/${latin(line)}?a=${latin(line)}`
          const transaction = bench.send(
            { method: 'POST', target, headers: [['Content-Type', type]], body: bytes },
            { body: line },
          )
          expect(transaction.faults).toEqual([])
          expect(transaction.matches.length).toBeLessThanOrEqual(rules.length)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('stops testing when a message takes too much work, and says so', () => {
    const rules = Array.from(
      { length: 50 },
      (_, index) => `SecRule ARGS "@rx a.*b1.{${index}}z$" "id:${index + 1},phase:2,pass"`,
    )
    const { send } = benchOf(rules.join('\n'), { maxWork: 100_000 })
    const body = `x=${'a b1 b2 '.repeat(4_000)}`
    const heavy = send({ method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body })
    expect(heavy.isOverWork()).toBe(true)
    expect(heavy.work()).toBeLessThan(1_000_000)
    expect(send({ target: '/?x=1' }).isOverWork()).toBe(false)
  })

  it('tells of an operator that breaks down and goes on with the next rule', () => {
    const program = programOf(`${settings}SecRule ARGS "@streq 1" "id:1,phase:1,pass"\nSecAction "id:2,phase:1,pass"`)
    const [first] = program.rules
    if (first === undefined) throw new Error('no rule')
    const broken = {
      ...first.conditions[0].operator,
      literals: [],
      test: () => {
        throw new Error('broken')
      },
    }
    const faulty = { ...first, conditions: [{ ...first.conditions[0], operator: broken }] as const }
    const rules = [faulty, ...program.rules.slice(1)]
    const phases = [rules.map((one) => ({ kind: 'rule' as const, rule: one })), [], [], [], []]
    const transaction = benchOf({ ...program, rules, phases }).send({ target: '/?a=1' })
    expect(transaction.matches.map((match) => match.rule.id)).toEqual(['2'])
    expect(transaction.faults).toEqual([{ rule: faulty, reason: 'broken' }])
  })

  it('runs each phase once', () => {
    const { runner } = benchOf('SecAction "id:1,phase:1,pass"')
    const transaction = runner.begin({
      method: 'GET',
      target: '/',
      rawHeaders: [],
      body: null,
      isBodyCut: false,
      remoteAddress: '',
      receivedAtMs: 0,
    })
    transaction.requestHead()
    transaction.requestHead()
    transaction.log()
    transaction.requestBody()
    expect(transaction.matches).toHaveLength(1)
    expect(runner.hits[0]).toBe(1)
  })
})
