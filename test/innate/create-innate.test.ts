import { describe, expect, it } from '@jest/globals'
import { compileGlob } from '../../src/core/glob.ts'
import { createInnate } from '../../src/innate/create-innate.ts'
import { excerptOf } from '../../src/innate/excerpt.ts'
import { kindsOfHost } from '../../src/innate/host-kinds.ts'
import { parseRules } from '../../src/innate/load-rules.ts'
import type { Rule } from '../../src/innate/rule.ts'
import { inspect, viewOf } from './canonical-case.ts'

function rulesOf(...bodies: readonly string[]): readonly Rule[] {
  const rules = bodies.map(
    (body, index) =>
      `  - { id: own-${100 + index}, title: Own rule ${index}, severity: critical, ${body}, cases: { attack: [a, b, c], benign: [x, y] } }`,
  )
  return parseRules(['family: own', 'title: Own', 'rules:', ...rules].join('\n'), 'own.yaml')
}

const on = (rules: readonly Rule[], paranoia = 1, shadowRules: readonly string[] = []) =>
  createInnate({ rules, paranoia, shadowRules })

describe('the inspector', () => {
  it('names rule, field, score and a redacted excerpt', () => {
    const [finding] = inspect(
      on(rulesOf('targets: [args], contains: evil')),
      viewOf({ target: '/shop?q=an%20evil%20thing' }),
    )
    expect(finding).toEqual({
      layer: 'innate',
      source: 'own-100',
      field: { service: 'shop.example', method: 'GET', route: '/shop', location: 'query', name: 'q' },
      score: 0.9,
      reason: 'Own rule 0 in query q: "evil".',
      tags: [],
    })
  })

  it('reports a rule once per field and at most three times per request', () => {
    const innate = on(rulesOf('targets: [args], contains: evil'))
    expect(inspect(innate, viewOf({ target: '/?a=evil+evil' }))).toHaveLength(1)
    expect(inspect(innate, viewOf({ target: '/?a=evil&b=evil&c=evil&d=evil&e=evil' }))).toHaveLength(3)
    expect(inspect(innate, viewOf({ target: '/?a=evil&b=evil&c=evil&d=evil&e=evil' }))).toHaveLength(3)
    expect(innate.rules()[0]?.hits).toBe(7)
  })

  it('honours exclusions and name patterns', () => {
    const innate = on(
      rulesOf("targets: [args, '!query:note'], contains: evil", "targets: ['json:/users/*/name'], contains: evil"),
    )
    expect(inspect(innate, viewOf({ target: '/?note=evil' }))).toEqual([])
    const body = JSON.stringify({ users: [{ name: 'evil' }] })
    const sources = inspect(innate, viewOf({ method: 'POST', headers: [['content-type', 'application/json']], body }))
    expect(sources.map((finding) => finding.source)).toEqual(['own-100', 'own-101'])
  })

  it('asks conditions without targets of the same value and others of the whole request', () => {
    const innate = on(
      rulesOf(
        'targets: [args], all: [{contains: one}, {contains: two}]',
        'targets: [args], all: [{contains: one}, {targets: [method], equals: post}]',
        'targets: [args], all: [{contains: one}, {not: true, contains: two}]',
      ),
    )
    const sources = (target: string, method = 'GET'): readonly string[] =>
      inspect(innate, viewOf({ target, method })).map((finding) => finding.source)
    expect(sources('/?a=one&b=two')).toEqual(['own-102'])
    expect(sources('/?a=one+two')).toEqual(['own-100'])
    expect(sources('/?a=one', 'POST')).toEqual(['own-101', 'own-102'])
  })

  it('looks through transformations', () => {
    const innate = on(rulesOf('targets: [args], transforms: [sqlComments, collapseWhitespace], contains: union select'))
    expect(inspect(innate, viewOf({ target: '/?q=UNION/**/%0a%09SELECT' }))).toHaveLength(1)
    expect(inspect(innate, viewOf({ target: '/?q=union/select' }))).toEqual([])
  })

  it('counts fields', () => {
    const innate = on(rulesOf("targets: ['count:header:user-agent'], number: {lt: 1}"))
    expect(inspect(innate, viewOf({}))).toMatchObject([{ field: null, source: 'own-100' }])
    expect(inspect(innate, viewOf({ headers: [['User-Agent', 'x']] }))).toEqual([])
  })

  it('keeps rules above the paranoia level out', () => {
    const rules = rulesOf('targets: [args], contains: evil, paranoia: 3')
    expect(inspect(on(rules, 2), viewOf({ target: '/?a=evil' }))).toEqual([])
    expect(inspect(on(rules, 3), viewOf({ target: '/?a=evil' }))).toHaveLength(1)
  })

  it('marks findings of shadow rules, and refuses unknown ones', () => {
    const rules = rulesOf('targets: [args], contains: evil', 'targets: [args], contains: evil, shadow: true')
    const findings = inspect(on(rules, 1, ['own-100']), viewOf({ target: '/?a=evil' }))
    expect(findings.map((finding) => finding.shadow)).toEqual([true, true])
    expect(() => on(rules, 1, ['own-999'])).toThrow(/own-999/)
  })

  it('turns oddities of the request into findings', () => {
    const innate = on(rulesOf('targets: [oddity], equals: malformed-json'))
    const view = viewOf({ method: 'POST', headers: [['content-type', 'application/json']], body: '{"a":' })
    expect(inspect(innate, view)).toMatchObject([{ field: null, source: 'own-100' }])
  })

  it('leaves nothing of one request behind for the next', () => {
    const innate = on(rulesOf('targets: [args], contains: evil'))
    const bad = viewOf({ target: '/?a=evil' })
    const first = inspect(innate, bad)
    inspect(innate, viewOf({ target: '/?a=good' }))
    expect(inspect(innate, bad)).toEqual(first)
  })

  it('shows nothing of fields that hold secrets', () => {
    const innate = on(rulesOf('targets: [args], contains: evil'))
    const [finding] = inspect(innate, viewOf({ target: '/?password=evil123' }))
    expect(finding?.reason).toBe('Own rule 0 in query password: (not shown).')
  })
})

describe('an excerpt', () => {
  it('is short and masks long words and numbers', () => {
    const text = 'union select 4111111111111111 from accounts_of_people'
    expect(excerptOf(text, { start: 0, end: text.length }, 'q')).toBe('"union select 411********"')
    expect(excerptOf('x', { start: 0, end: 1 }, 'x-api-key')).toBe('(not shown)')
  })
})

describe('kinds of hosts', () => {
  const spellings: readonly (readonly [string, readonly string[]])[] = [
    ['127.0.0.1', ['loopback']],
    ['2130706433', ['loopback', 'odd-form']],
    ['0x7f.0.0.1', ['loopback', 'odd-form']],
    ['0177.1', ['loopback', 'odd-form']],
    ['[::1]', ['loopback']],
    ['[::ffff:7f00:1]', ['loopback', 'odd-form']],
    ['[::ffff:127.0.0.1]', ['loopback', 'odd-form']],
    ['localhost.', ['loopback']],
    ['10.1.2.3', ['private']],
    ['172.16.0.1', ['private']],
    ['172.32.0.1', []],
    ['169.254.169.254', ['metadata', 'link-local']],
    ['[fe80::1%eth0]', ['link-local']],
    ['[fd12::1]', ['private']],
    ['0', ['unspecified', 'odd-form']],
    ['example.com', []],
    ['1.2.3.4.5', []],
    ['256.1.1.1', []],
    ['[1:2:3]', []],
  ]

  it.each(spellings)('of %s are %j', (host, kinds) => {
    expect(kindsOfHost(host)).toEqual(kinds)
  })

  it('were tried in every spelling', () => {
    expect(spellings).toHaveLength(19)
  })
})

describe('a name pattern', () => {
  it('lets one star stop at a slash and two stars not', () => {
    expect(compileGlob('/a/*/c')('/a/b/c')).toBe(true)
    expect(compileGlob('/a/*/c')('/a/b/x/c')).toBe(false)
    expect(compileGlob('**/password')('/a/b/password')).toBe(true)
    expect(compileGlob('**/password')('/a/b/passwords')).toBe(false)
    expect(compileGlob('X-*')('x-note')).toBe(true)
  })
})
