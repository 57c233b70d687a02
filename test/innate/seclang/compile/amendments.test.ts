import { describe, expect, it } from '@jest/globals'
import { faultOf, programOf } from '../rule-texts.ts'

const rules = [
  `SecRule ARGS|TX:a a "id:1,deny,tag:'one',msg:'first rule'"`,
  `SecRule ARGS b "id:2,deny,tag:'two',chain"`,
  'SecRule REQUEST_URI c',
  `SecRule ARGS d "id:30,deny,tag:'two',msg:'third rule'"`,
].join('\n')

/** What is left of the rules: `id: targets`, with links divided by `&`. */
const leftOf = (change: string, isBefore = false): readonly string[] =>
  programOf(isBefore ? `${change}\n${rules}` : `${rules}\n${change}`).rules.map(({ id, conditions }) => {
    const links = conditions.map(({ targets: { included, excluded } }) =>
      [...included.map(({ name }) => name), ...excluded.map(({ name, key }) => `!${name} ${key.kind}`)].join('|'),
    )
    return `${id}: ${links.join(' & ')}`
  })

const whole = ['1: ARGS|TX', '2: ARGS & REQUEST_URI', '30: ARGS']

const changes: readonly (readonly [change: string, left: readonly string[]])[] = [
  ['SecRuleRemoveById 1', [whole[1] ?? '', whole[2] ?? '']],
  ['SecRuleRemoveById 1-2', [whole[2] ?? '']],
  ['SecRuleRemoveById 1 20-30', [whole[1] ?? '']],
  ['SecRuleRemoveById "1,30"', [whole[1] ?? '']],
  ['SecRuleRemoveById 5', whole],
  ['SecRuleRemoveByTag two', [whole[0] ?? '']],
  ['SecRuleRemoveByTag "^tw.$"', [whole[0] ?? '']],
  ['SecRuleRemoveByTag tw', whole],
  ['SecRuleRemoveByMsg "first rule"', [whole[1] ?? '', whole[2] ?? '']],
  ['SecRuleRemoveByMsg first rule', [whole[1] ?? '', whole[2] ?? '']],
  ['SecRuleUpdateTargetById 1 "!ARGS:q"', ['1: ARGS|TX|!ARGS key', ...whole.slice(1)]],
  ['SecRuleUpdateTargetById 1 !ARGS:/q/', ['1: ARGS|TX|!ARGS pattern', ...whole.slice(1)]],
  ['SecRuleUpdateTargetById 1 "!ARGS:a,!TX:b"', ['1: ARGS|TX|!ARGS key|!TX key', ...whole.slice(1)]],
  [
    'SecRuleUpdateTargetById 1-9 "ARGS_NAMES"',
    ['1: ARGS|TX|ARGS_NAMES', '2: ARGS|ARGS_NAMES & REQUEST_URI', '30: ARGS'],
  ],
  ['SecRuleUpdateTargetById 2:1 "!REQUEST_URI"', ['1: ARGS|TX', '2: ARGS & REQUEST_URI|!REQUEST_URI all', '30: ARGS']],
  ['SecRuleUpdateTargetById 1 "ARGS_NAMES|FILES" "TX:A"', ['1: ARGS|ARGS_NAMES|FILES', ...whole.slice(1)]],
  [
    "SecRuleUpdateTargetByTag two !ARGS:'/^a|b/'",
    ['1: ARGS|TX', '2: ARGS|!ARGS pattern & REQUEST_URI', '30: ARGS|!ARGS pattern'],
  ],
  ['SecRuleUpdateTargetByMsg "third rule" !ARGS', ['1: ARGS|TX', '2: ARGS & REQUEST_URI', '30: ARGS|!ARGS all']],
]

const refused: readonly (readonly [change: string, reason: string])[] = [
  ['SecRuleRemoveById', 'test.conf:5: SecRuleRemoveById takes ids'],
  ['SecRuleRemoveById a', 'test.conf:5: expected a rule id or a range of ids, found `a`'],
  ['SecRuleRemoveByTag', 'SecRuleRemoveByTag takes a tag'],
  ['SecRuleUpdateTargetById 1', 'SecRuleUpdateTargetById takes a rule, targets and perhaps the target they replace'],
  ['SecRuleUpdateTargetById 1 "!FOO"', 'test.conf:5: variable FOO is not known'],
  ['SecRuleUpdateTargetById 99 "!FOO"', 'test.conf:5: variable FOO is not known'],
  ['SecRuleUpdateTargetById 2:5 "!ARGS"', 'test.conf:5: rule 2: rule 2 has no link 5'],
  ['SecRuleUpdateTargetById 1 "FILES" "XML"', 'test.conf:5: rule 1: the rule has no target XML to replace'],
  ['SecRuleUpdateActionById 1', 'SecRuleUpdateActionById takes a rule and actions'],
  ['SecRuleUpdateActionById 1 "id:5"', 'SecRuleUpdateActionById cannot change id, phase or chain'],
  ['SecRuleUpdateActionById 1 "phase:5"', 'SecRuleUpdateActionById cannot change id, phase or chain'],
  ['SecRuleUpdateActionById 2:1 "deny"', 'only the first rule of a chain may say what happens'],
  ['SecRuleUpdateActionById 1 "foo"', 'test.conf:5: action foo is not known'],
]

describe('exclusions that stand in files', () => {
  it.each(changes)('does %s', (change, left) => expect(leftOf(change)).toEqual(left))

  it.each(changes)('does %s before the rules, as ModSecurity 3 does', (change, left) => {
    expect(leftOf(change, true)).toEqual(left)
  })

  it.each(refused)('refuses %s', (change, reason) => expect(faultOf(`${rules}\n${change}`)).toContain(reason))

  it('runs all of its cases', () => expect([changes.length, refused.length]).toEqual([18, 13]))

  it('adds actions, of which the last one counts', () => {
    const [first] = programOf(`${rules}\nSecRuleUpdateActionById 1 "pass,nolog,setvar:tx.a=1,t:trim"`).rules
    expect(first?.flow).toMatchObject({ disruption: { kind: 'pass' }, isLogged: false })
    expect(first?.conditions[0].transformations.map(({ name }) => name)).toEqual(['trim'])
    expect(first?.conditions[0].actions).toMatchObject([{ kind: 'setvar', key: 'a' }])
  })

  it('keeps the id of a removed rule taken', () => {
    expect(faultOf('SecAction "id:1"\nSecRuleRemoveById 1\nSecAction "id:1"')).toContain(
      'the id is taken by test.conf:1',
    )
  })

  it('says when an exclusion meets no rule', () => {
    expect(programOf(`${rules}\nSecRuleRemoveById 99`).notices).toEqual([
      'SecRuleRemoveById in test.conf:5 meets no rule.',
    ])
  })
})
