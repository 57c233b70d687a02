import { describe, expect, it } from '@jest/globals'
import { createManualClock } from '../../../../src/core/clock.ts'
import type { Finding } from '../../../../src/core/finding.ts'
import { createRandom } from '../../../../src/core/random.ts'
import { createInnate } from '../../../../src/innate/create-innate.ts'
import type { Innate } from '../../../../src/innate/innate.ts'
import { canonicalRequest, inspect, viewOf } from '../../canonical-case.ts'
import { programOf } from '../rule-texts.ts'

const settings =
  'SecRuleEngine On\nSecRequestBodyAccess On\nSecResponseBodyAccess On\nSecResponseBodyMimeType text/plain\n'

const innateOf = (rules: string, shadowRules: readonly string[] = []): Innate =>
  createInnate({
    rules: [],
    paranoia: 1,
    shadowRules,
    program: programOf(settings + rules),
    clock: createManualClock(0),
    random: createRandom(1),
  })

describe('the findings of a program', () => {
  it('act where a rule stops the request, and name rule, field and a redacted excerpt', () => {
    const innate = innateOf(
      `SecRule ARGS "@contains evil" "id:7,phase:2,deny,severity:CRITICAL,tag:'attack',msg:'Evil words'"`,
    )
    expect(inspect(innate, viewOf({ target: '/shop?q=an%20evil%20thing' }))).toEqual([
      {
        layer: 'innate',
        source: '7',
        field: { service: 'shop.example', method: 'GET', route: '/shop', location: 'query', name: 'q' },
        score: 0.95,
        reason: 'Evil words in query q: "evil".',
        tags: ['attack'],
      },
    ])
  })

  it('are shadows with the score of their severity where a rule only counts', () => {
    const innate = innateOf(
      `SecRule ARGS "@contains evil" "id:7,phase:2,pass,severity:WARNING,msg:'Evil words',setvar:tx.score=+5"
SecRule TX:score "@ge 5" "id:8,phase:2,deny,msg:'Score %{TX.score} of %{ARGS.q}'"`,
    )
    const found = inspect(innate, viewOf({ target: '/?q=evil' }))
    expect(found.map(({ source, score, shadow }) => [source, score, shadow ?? false])).toEqual([
      ['7', 0.3, true],
      ['8', 0.95, false],
    ])
    expect(found[1]?.reason).toBe('Score 5 of (not shown) in TX:score: "5".')
  })

  it('are all shadows while the program only detects, and where the settings say so', () => {
    const rule = 'SecRule ARGS "@contains evil" "id:7,phase:2,deny"'
    const isShadow = (innate: Innate): boolean | undefined => inspect(innate, viewOf({ target: '/?q=evil' }))[0]?.shadow
    expect(isShadow(innateOf(`SecRuleEngine DetectionOnly\n${rule}`))).toBe(true)
    expect(isShadow(innateOf(rule, ['7']))).toBe(true)
    expect(isShadow(innateOf(rule))).toBeUndefined()
  })

  it('leave out rules that are not logged, unless they stop the request', () => {
    const innate = innateOf('SecAction "id:1,phase:1,pass,nolog"\nSecAction "id:2,phase:1,deny,nolog"')
    expect(inspect(innate, viewOf({})).map(({ source }) => source)).toEqual(['2'])
  })

  it.each([
    ['query', { target: '/?q=evil' }, 'query q'],
    ['header', { headers: [['X-Note', 'evil']] }, 'header x-note'],
    ['cookie', { headers: [['Cookie', 'c=evil']] }, 'cookie c'],
    [
      'form',
      { method: 'POST', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: 'f=evil' },
      'form f',
    ],
    [
      'json',
      { method: 'POST', headers: [['Content-Type', 'application/json']], body: '{"a":[{"b":"evil"}]}' },
      'json /a/[]/b',
    ],
    ['path', { target: '/evil' }, 'path'],
  ] as const)('tell where a value stood: %s', (_, parts, where) => {
    const innate =
      innateOf(`SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRule ARGS|REQUEST_HEADERS:X-Note|REQUEST_COOKIES|REQUEST_FILENAME "@contains evil" "id:7,phase:2,pass,msg:'Evil'"`)
    const [found] = inspect(innate, viewOf(parts))
    expect(found?.reason).toBe(`Evil in ${where}: "evil".`)
    expect(`${found?.field?.location} ${found?.field?.name}`.trim()).toBe(where)
  })

  it('show nothing of fields that hold secrets', () => {
    const innate = innateOf(
      `SecRule ARGS:password "@rx ." "id:7,phase:2,pass,msg:'Weak %{MATCHED_VAR}',logdata:'%{MATCHED_VAR}'"`,
    )
    expect(inspect(innate, viewOf({ target: '/?password=hunter2' }))[0]?.reason).toBe(
      'Weak (not shown) in query password: (not shown).',
    )
  })

  it('name the field of the first link where a later one looks at something else', () => {
    const innate = innateOf(`SecRule ARGS:q "@rx (\\d+)" "id:7,phase:2,pass,capture,msg:'Many',chain"
  SecRule TX:1 "@gt 5" "t:none"`)
    expect(inspect(innate, viewOf({ target: '/?q=9' }))[0]?.field).toMatchObject({ location: 'query', name: 'q' })
  })

  it('accuse a request that takes too much work', () => {
    const rules = Array.from(
      { length: 30 },
      (_, index) => `SecRule ARGS "@rx a.{${index}}z" "id:${index + 1},phase:2,pass"`,
    )
    const innate = createInnate({
      rules: [],
      paranoia: 1,
      shadowRules: [],
      maxWork: 5_000,
      program: programOf(settings + rules.join('\n')),
      clock: createManualClock(0),
      random: createRandom(1),
    })
    const found = inspect(innate, viewOf({ target: `/?q=${'a'.repeat(4_000)}` }))
    expect(found.map(({ source }) => source)).toContain('proto-work-100')
  })

  it('accuse a request whose body is beyond a limit that says so', () => {
    const innate = innateOf('SecRequestBodyLimit 3\nSecRequestBodyLimitAction Reject')
    const view = viewOf({ method: 'POST', headers: [['Content-Type', 'text/plain']], body: 'four' })
    expect(inspect(innate, view)).toMatchObject([{ source: 'proto-limit-100', score: 0.95, field: null }])
  })

  it.each([
    ['application/json; charset=utf-8', '{"a":["evil"]}', 1],
    ['application/vnd.api+json', '{"a":["evil"]}', 1],
    ['application/soap+xml', '<a><b>evil</b></a>', 1],
    ['text/plain', '{"a":["evil"]}', 0],
  ])('come from bodies of %s too when no rule picks their processor', (type, body, count) => {
    const rules = 'SecRule ARGS|XML:/* "@streq evil" "id:7,phase:2,deny"'
    const view = viewOf({ method: 'POST', target: '/', headers: [['content-type', type]], body })
    expect(inspect(innateOf(rules), view)).toHaveLength(count)
    const picking = `SecRule REQUEST_HEADERS:X "@eq 1" "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRule REQUEST_HEADERS:X "@eq 1" "id:2,phase:1,pass,nolog,ctl:requestBodyProcessor=XML"`
    expect(inspect(innateOf(`${picking}\n${rules}`), view)).toEqual([])
  })

  it.each([
    ['application/x-www-form-urlencoded', 'a=1&b=2&c=3&d=evil'],
    ['application/json', '[1,2,3,"evil"]'],
  ])('say that more arguments came than are read: %s', (type, body) => {
    const rules = `SecArgumentsLimit 3
SecAction "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=${type.includes('json') ? 'JSON' : 'URLENCODED'}"
SecRule ARGS "@contains evil" "id:7,phase:2,deny"`
    const view = viewOf({ method: 'POST', target: '/', headers: [['content-type', type]], body })
    expect(inspect(innateOf(rules), view)).toMatchObject([{ source: 'proto-limit-100', score: 0.95 }])
    expect(inspect(innateOf(rules.replace('Limit 3', 'Limit 4')), view)).toMatchObject([{ source: '7' }])
    expect(inspect(innateOf(`${rules}\nSecRuleEngine DetectionOnly`), view)).toEqual([])
  })
})

describe('a program in the innate layer', () => {
  const rules = `SecAction "id:1,phase:1,pass,nolog,setvar:tx.seen=yes"
SecRule RESPONSE_STATUS "@ge 500" "id:2,phase:3,pass,msg:'Broken'"
SecRule RESPONSE_BODY "@contains %{tx.seen}" "id:3,phase:4,deny,msg:'Leak'"`

  it('goes on with the answer where the request left off, and tells each match once', () => {
    const innate = innateOf(rules)
    const request = canonicalRequest(viewOf({}))
    const told = (act: (findings: Finding[]) => void): readonly string[] => {
      const findings: Finding[] = []
      act(findings)
      return findings.map(({ source }) => source)
    }
    const rawHeaders = ['Content-Type', 'text/plain']
    expect(told((findings) => innate.inspect(request, findings))).toEqual([])
    const head = { status: 500, rawHeaders, body: null }
    expect(told((findings) => innate.inspectResponse(request, head, findings))).toEqual(['2'])
    const whole = { status: 500, rawHeaders, body: Buffer.from('oh yes') }
    expect(told((findings) => innate.inspectResponse(request, whole, findings))).toEqual(['3'])
    expect(told((findings) => innate.inspectResponse(request, whole, findings))).toEqual([])
  })

  it('says nothing of the answer to a request that was not inspected', () => {
    const findings: Finding[] = []
    const whole = { status: 500, rawHeaders: [], body: Buffer.from('yes') }
    innateOf(rules).inspectResponse(canonicalRequest(viewOf({})), whole, findings)
    expect(findings).toEqual([])
  })

  it('lists its rules with their matches', () => {
    const innate = innateOf(rules, ['3'])
    inspect(innate, viewOf({}))
    inspect(innate, viewOf({}))
    expect(innate.rules().map(({ id, hits, isShadow }) => [id, hits, isShadow])).toEqual([
      ['1', 2, false],
      ['2', 0, false],
      ['3', 0, true],
    ])
  })

  it('refuses settings that name a rule which is in neither language', () => {
    expect(() => innateOf(rules, ['4'])).toThrow('innate.shadowRules names 4, and no rule has that id.')
  })
})
