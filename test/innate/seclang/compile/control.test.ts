import { describe, expect, it } from '@jest/globals'
import { controlTable, refusedControls } from '../../../../src/innate/seclang/compile/control.ts'
import type { Control } from '../../../../src/innate/seclang/program.ts'
import { faultOf, programOf, ruleOf } from '../rule-texts.ts'

const target = (name: string, key: object = { kind: 'all' }): object => ({ name, key, isCount: false })

const accepted: readonly (readonly [text: string, control: object])[] = [
  ['ruleEngine=Off', { kind: 'ruleEngine', mode: 'off' }],
  ['RULEENGINE=detectiononly', { kind: 'ruleEngine', mode: 'detection-only' }],
  ['ruleRemoveById=5', { kind: 'removeById', ranges: [{ first: 5, last: 5 }] }],
  ['ruleRemoveById=5-9', { kind: 'removeById', ranges: [{ first: 5, last: 9 }] }],
  ['ruleRemoveTargetById=5;ARGS:q', { kind: 'removeTargetById', target: target('ARGS', { kind: 'key', key: 'q' }) }],
  [
    'ruleRemoveTargetById=5-9;ARGS',
    { kind: 'removeTargetById', ranges: [{ first: 5, last: 9 }], target: target('ARGS') },
  ],
  ['ruleRemoveTargetById=5;ARGS:json.a[0].b', { target: target('ARGS', { kind: 'key', key: 'json.a[0].b' }) }],
  ['requestBodyProcessor=xml', { kind: 'bodyProcessor', processor: 'XML' }],
  ['requestBodyProcessor=MULTIPART', { kind: 'bodyProcessor', processor: 'MULTIPART' }],
  ['forceRequestBodyVariable=On', { kind: 'forceBodyVariable', isOn: true }],
  ['requestBodyAccess=Off', { kind: 'bodyAccess', isOn: false }],
  ['responseBodyAccess=on', { kind: 'responseBodyAccess', isOn: true }],
]

const refused: readonly (readonly [text: string, reason: string])[] = [
  ['ruleEngine=maybe', 'expected On, Off or DetectionOnly, found `maybe`'],
  ['ruleRemoveById=a', 'expected a rule id or a range of ids, found `a`'],
  ['ruleRemoveById=9-5', 'the range 9-5 ends before it begins'],
  ['ruleRemoveById=', 'expected a rule id or a range of ids'],
  ['ruleRemoveTargetById=5', 'expected what to leave out and ; and a variable, found `5`'],
  ['ruleRemoveTargetById=5;FOO', 'variable FOO is not known'],
  ['ruleRemoveTargetByTag=a;ARGS:/(/', 'rule 1'],
  ['requestBodyProcessor=YAML', 'expected one of URLENCODED, MULTIPART, JSON, XML, found `YAML`'],
  ['requestBodyAccess=1', 'expected On or Off, found `1`'],
]

const controlOf = (text: string): readonly Control[] =>
  ruleOf(`SecAction "id:1,pass,ctl:${text}"`).conditions[0].actions.map((action) => {
    if (action.kind !== 'ctl') throw new Error(`${action.kind} is no ctl`)
    return action.control
  })

describe('ctl', () => {
  it.each(accepted)('reads %s', (text, control) => expect(controlOf(text)).toMatchObject([control]))

  it.each(refused)('refuses %s', (text, reason) => {
    expect(faultOf(`SecAction "id:1,pass,ctl:${text}"`)).toContain(reason)
  })

  it('runs all of its cases', () => expect([accepted.length, refused.length]).toEqual([12, 9]))

  it('compares tags and messages as a whole, and as a pattern where they could be one', () => {
    const matchesOf = (text: string): ((name: string) => boolean) => {
      const [control] = controlOf(text)
      if (control === undefined || !('matches' in control)) throw new Error('no name')
      return control.matches
    }
    const tag = matchesOf('ruleRemoveByTag=attack-sqli')
    expect([tag('attack-sqli'), tag('attack-sqli-2')]).toEqual([true, false])
    const pattern = matchesOf('ruleRemoveByTag=^attack-.*$')
    expect([pattern('attack-sqli'), pattern('other')]).toEqual([true, false])
    const message = matchesOf("'ruleRemoveByMsg=Too many (6 or more)'")
    expect([message('Too many (6 or more)'), message('Too few')]).toEqual([true, false])
    expect(matchesOf('ruleRemoveTargetByTag=a(;ARGS')('a(')).toBe(true)
    expect(matchesOf('ruleRemoveTargetByMsg=a;ARGS')('a')).toBe(true)
  })

  it('takes several targets, and patterns as keys without regard to case', () => {
    const controls = controlOf("'ruleRemoveTargetById=5;ARGS:/^A/|TX:b'")
    expect(controls).toHaveLength(2)
    const [first] = controls
    const key = first?.kind === 'removeTargetById' ? first.target.key : null
    expect(key?.kind === 'pattern' && key.matches('abc') && !key.matches('bc')).toBe(true)
  })

  it('takes what has no effect here and says so', () => {
    const idle = [...controlTable.values()].filter(({ means }) => means.startsWith('No effect'))
    expect(idle).toHaveLength(7)
    for (const { name } of idle) {
      expect(programOf(`SecAction "id:1,pass,ctl:${name}=1"`).notices).toEqual([`ctl:${name} has no effect here.`])
    }
    expect(refusedControls.size).toBe(1)
  })
})
