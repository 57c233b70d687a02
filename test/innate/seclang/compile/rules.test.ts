import { describe, expect, it } from '@jest/globals'
import { secOperatorTable } from '../../../../src/innate/seclang/operators/table.ts'
import { secTransformationTable } from '../../../../src/innate/seclang/transformations/table.ts'
import { knownVariables } from '../../../../src/innate/seclang/variables/known-variables.ts'
import { faultOf, programOf, ruleOf } from '../rule-texts.ts'

const refused: readonly (readonly [text: string, reason: string])[] = [
  ['SecRule ARGS', 'test.conf:1: SecRule takes variables, an operator and actions, found 1 argument'],
  ['SecRule ARGS a b "id:7"', 'SecRule takes variables, an operator and actions, found 4 arguments'],
  ['SecRule ARGS a', 'test.conf:1: SecRule has no id'],
  ['SecRule ARGS a "deny"', 'test.conf:1: SecRule has no id'],
  ['SecRule FOO a "id:7"', 'test.conf:1: rule 7: variable FOO is not known'],
  [
    'SecRule STREAM_INPUT_BODY a "id:7"',
    'rule 7: variable STREAM_INPUT_BODY is not supported: bodies are not rewritten',
  ],
  ['SecRule REQUEST_URI:a b "id:7"', 'rule 7: variable REQUEST_URI has no keys, found `REQUEST_URI:a`'],
  ['SecRule ARGS:/(/ a "id:7"', 'test.conf:1: rule 7:'],
  ['SecRule ARGS "@rx a(" "id:7"', 'test.conf:1: rule 7:'],
  ['SecRule ARGS "@nosuch a" "id:7"', 'rule 7: operator @nosuch is not known'],
  ['SecRule ARGS "@inspectFile a.lua" "id:7"', 'rule 7: @inspectFile is not supported'],
  ['SecRule ARGS "@fuzzyHash a.txt 1" "id:7"', 'rule 7: @fuzzyHash is not supported'],
  ['SecRule ARGS "@pmFromFile a.data" "id:7"', 'rule 7: data file a.data is not given'],
  ['SecRule ARGS a "id:7"\n\nSecRule ARGS b "id:7"', 'test.conf:3: rule 7: the id is taken by test.conf:1'],
  ['SecRule ARGS a "id:7,chain"', 'test.conf:1: rule 7: the chain is not finished: no rule follows'],
  ['SecRule ARGS a "id:7,chain"\nSecRule ARGS b "deny"', 'test.conf:2: rule 7: only the first rule of a chain may say'],
  ['SecRule ARGS a "id:7,chain"\nSecRule ARGS "@rx b("', 'test.conf:2: rule 7:'],
  ['SecAction', 'test.conf:1: SecAction takes actions, found 0 arguments'],
  ['SecAction "id:7" b', 'SecAction takes actions, found 2 arguments'],
  ['SecDefaultAction "phase:1,log"', 'test.conf:1: SecDefaultAction must say what happens'],
  ['SecDefaultAction "phase:1,block"', 'SecDefaultAction must say what happens'],
  ['SecDefaultAction "phase:1,pass,id:7"', 'id cannot stand in SecDefaultAction'],
  ['SecDefaultAction "phase:1,pass,chain"', 'chain cannot stand in SecDefaultAction'],
  ['SecDefaultAction "phase:1,pass,skip:1"', 'skip cannot stand in SecDefaultAction'],
  ['SecDefaultAction "phase:1,pass,msg:a"', 'msg or logdata cannot stand in SecDefaultAction'],
  ['SecDefaultAction "phase:1,pass,severity:1"', 'severity, ver or rev cannot stand in SecDefaultAction'],
  ['SecDefaultAction "phase:1,pass,t:none"', 't:none cannot stand in SecDefaultAction'],
  [
    'SecDefaultAction "pass"\nSecDefaultAction "phase:2,deny"',
    'test.conf:2: SecDefaultAction was given for phase 2 before',
  ],
]

describe('rules', () => {
  it.each(refused)('refuses %j', (text, reason) => expect(faultOf(text)).toContain(reason))

  it('runs all of its cases', () => expect(refused).toHaveLength(28))

  it('keeps file, line, targets, operator and transformations of a rule', () => {
    const rule = ruleOf('\nSecRule ARGS|!ARGS:/^a/|&TX:b "!@streq a b" \\\n  "id:7,t:none,t:urlDecode,t:lowercase"')
    expect(rule).toMatchObject({ id: '7', file: 'test.conf', line: 2, phase: 'body', isShadow: false })
    const [link] = rule.conditions
    expect(link.targets.source).toEqual(['ARGS', '!ARGS:/^a/', '&TX:b'])
    expect(link.targets.included.map(({ name, isCount }) => [name, isCount])).toEqual([
      ['ARGS', false],
      ['TX', true],
    ])
    expect(link.targets.excluded).toMatchObject([{ name: 'ARGS', key: { kind: 'pattern', source: '^a' } }])
    expect(link.operator.name).toBe('streq')
    expect(link.isNegated).toBe(true)
    expect(link.transformations.map(({ name }) => name)).toEqual(['urlDecode', 'lowercase'])
  })

  it('makes SecAction a link that always matches and looks at nothing', () => {
    const [link] = ruleOf('SecAction "id:7,pass"').conditions
    expect(link.targets).toEqual({ source: [], included: [], excluded: [] })
    const work = { spent: 0, limit: 1 }
    expect(link.operator.test({ text: '', lower: '', flags: 0, decodeDepth: 0, work })).toBe(true)
  })

  it('takes severity, score, paranoia, family and title from actions, tags and the file', () => {
    const tags = "tag:'attack-sqli',tag:'paranoia-level/3'"
    expect(ruleOf(`SecAction "id:7,severity:CRITICAL,msg:'a %{tx.b}',${tags}"`)).toMatchObject({
      severity: 'critical',
      score: 0.9,
      paranoia: 3,
      family: 'sqli',
      title: 'a %{TX.b}',
    })
    expect(ruleOf('SecAction "id:7"')).toMatchObject({ severity: 'notice', paranoia: 1, family: 'test', title: '7' })
    const levels = [0, 1, 2, 3, 4, 5, 6, 7].map((level) => ruleOf(`SecAction "id:7,severity:${level}"`).severity)
    expect(levels).toEqual(['critical', 'critical', 'critical', 'error', 'warning', 'notice', 'notice', 'notice'])
  })

  it('makes chained rules links of their starter, with its id and phase', () => {
    const { rules, phases } = programOf(
      'SecRule ARGS a "id:7,phase:1,deny,chain"\nSecRule TX:0 b "chain,phase:3,id:8"\nSecRule TX:1 c\nSecAction "id:9"',
    )
    expect(rules.map(({ id, conditions }) => [id, conditions.length])).toEqual([
      ['7', 3],
      ['9', 1],
    ])
    expect(phases.map((steps) => steps.length)).toEqual([1, 1, 0, 0, 0])
  })

  it('sets variables when their link matches, and does the rest when the chain has matched', () => {
    const { conditions } = ruleOf(
      'SecRule ARGS a "id:7,chain,setvar:tx.a=1,ctl:ruleRemoveById=1,initcol:ip=a"\nSecRule ARGS b "setvar:tx.b=1,expirevar:ip.b=2"',
    )
    expect(conditions.map(({ actions }) => actions.map(({ kind }) => kind))).toEqual([
      ['setvar', 'bind'],
      ['ctl', 'setvar', 'expirevar'],
    ])
  })

  it('lets a later link say what the first does not', () => {
    const rule = ruleOf(
      'SecRule ARGS a "id:7,deny,chain,msg:\'first\'"\nSecRule ARGS b "msg:\'second\',severity:3,status:406,nolog,skip:2,skipAfter:X"\nSecMarker X',
    )
    expect(rule.flow).toMatchObject({
      message: 'first',
      severityLevel: 3,
      disruption: { kind: 'deny', status: 406 },
      isLogged: false,
      skip: 2,
      skipAfter: 'X',
    })
  })

  it('takes keywords from the first operator, unless they need not be there', () => {
    expect(ruleOf('SecRule ARGS "@pm One two" "id:7"').keywords).toEqual([['one', 'two']])
    expect(ruleOf('SecRule ARGS "!@pm One two" "id:7"').keywords).toEqual([])
    expect(ruleOf('SecRule ARGS "@pm One two" "id:7,multiMatch,t:length"').keywords).toEqual([])
  })

  it('gives operators the data beside the file, and macros', () => {
    const rule = ruleOf('SecRule ARGS "@within %{tx.a} %{b" "id:7"')
    const operator = rule.conditions[0].operator
    const subject = { text: 'GET', lower: 'get', flags: 0, decodeDepth: 0 }
    expect(operator.test({ ...subject, expand: () => 'GET POST' })).toBe(true)
  })

  it('knows every variable, operator and transformation of its tables', () => {
    for (const name of knownVariables.keys()) expect(ruleOf(`SecRule ${name} a "id:7"`).id).toBe('7')
    for (const [name, { name: written }] of secTransformationTable) {
      if (name !== 'none')
        expect(ruleOf(`SecRule ARGS a "id:7,t:${written}"`).conditions[0].transformations).toHaveLength(1)
    }
    expect(secOperatorTable.size).toBeGreaterThan(30)
    expect(knownVariables.size).toBeGreaterThan(90)
  })
})

describe('SecDefaultAction', () => {
  const withDefault = (actions: string, rule: string): ReturnType<typeof ruleOf> =>
    ruleOf(`SecDefaultAction "${actions}"\nSecRule ARGS a "${rule}"`)

  const cases: readonly (readonly [title: string, actions: string, rule: string, flow: object])[] = [
    ['says what block does', 'phase:2,deny,status:404', 'id:7,block', { disruption: { kind: 'deny', status: 404 } }],
    [
      'leaves the status to the rule',
      'phase:2,deny,status:404',
      'id:7,block,status:403',
      { disruption: { kind: 'deny', status: 403 } },
    ],
    [
      'gives its status to a rule that denies',
      'phase:2,pass,status:404',
      'id:7,deny',
      { disruption: { kind: 'deny', status: 404 } },
    ],
    ['does nothing to a rule that passes', 'phase:2,deny', 'id:7,pass', { disruption: { kind: 'pass' } }],
    ['does nothing to a rule that says nothing', 'phase:2,deny', 'id:7', { disruption: { kind: 'pass' } }],
    ['does nothing in another phase', 'phase:1,deny', 'id:7,block', { disruption: { kind: 'pass' } }],
    ['is for phase 2 when it names none', 'deny', 'id:7,block', { disruption: { kind: 'deny', status: 403 } }],
    [
      'may redirect',
      "phase:2,redirect:'http://a/',status:303",
      'id:7,block',
      { disruption: { kind: 'redirect', location: 'http://a/', status: 303 } },
    ],
    ['may switch the log off', 'phase:2,pass,nolog', 'id:7', { isLogged: false }],
    ['leaves the log to the rule', 'phase:2,pass,nolog', 'id:7,log', { isLogged: true }],
  ]

  it.each(cases)('%s', (_title, actions, rule, flow) => expect(withDefault(actions, rule).flow).toMatchObject(flow))

  it('runs all of its cases', () => expect(cases).toHaveLength(10))

  it('gives its transformations first, unless the rule says t:none', () => {
    const names = (rule: string): readonly string[] =>
      withDefault('phase:2,pass,t:lowercase,t:trim', rule).conditions[0].transformations.map(({ name }) => name)
    expect(names('id:7')).toEqual(['lowercase', 'trim'])
    expect(names('id:7,t:urlDecode')).toEqual(['lowercase', 'trim', 'urlDecode'])
    expect(names('id:7,t:urlDecode,t:none,t:length')).toEqual(['length'])
  })

  it('holds for rules before it too', () => {
    const rule = ruleOf('SecRule ARGS a "id:7,block"\nSecDefaultAction "phase:2,deny"')
    expect(rule.flow.disruption).toEqual({ kind: 'deny', status: 403 })
  })

  it('gives its variables to every rule of the phase', () => {
    expect(withDefault('phase:2,pass,setvar:tx.a=1', 'id:7').conditions[0].actions).toMatchObject([{ key: 'a' }])
  })
})

describe('markers', () => {
  it('stand in every phase', () => {
    const { phases } = programOf(
      'SecAction "id:1,phase:1,skipAfter:A"\nSecMarker A\nSecAction "id:2,phase:3"\nSecMarker "B"',
    )
    expect(phases.map((steps) => steps.map((step) => (step.kind === 'marker' ? step.name : step.rule.id)))).toEqual([
      ['1', 'A', 'B'],
      ['A', 'B'],
      ['A', '2', 'B'],
      ['A', 'B'],
      ['A', 'B'],
    ])
  })

  it('are made behind a rule that skipAfter names by its id', () => {
    const { phases, notices } = programOf(
      'SecAction "id:1,skipAfter:3"\nSecAction "id:2"\nSecAction "id:3"\nSecAction "id:4"',
    )
    expect(phases[1]?.map((step) => (step.kind === 'marker' ? `marker ${step.name}` : step.rule.id))).toEqual([
      '1',
      '2',
      '3',
      'marker 3',
      '4',
    ])
    expect(notices).toEqual([])
  })

  it('are missed aloud', () => {
    const missing = 'skipAfter:A of rule 1 (test.conf:2) has no marker behind it and skips the rest of the phase.'
    expect(programOf('SecMarker A\nSecAction "id:1,skipAfter:A"').notices).toEqual([missing])
  })
})
