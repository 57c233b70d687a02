import { describe, expect, it } from '@jest/globals'
import { actionTable, refusedActions } from '../../../../src/innate/seclang/compile/action-table.ts'
import type { Action, Flow } from '../../../../src/innate/seclang/program.ts'
import { faultOf, programOf, ruleOf } from '../rule-texts.ts'

const flows: readonly (readonly [actions: string, flow: Partial<Flow>])[] = [
  ['id:7', { number: 7, phase: 2, disruption: { kind: 'pass' }, isLogged: true, skip: 0, skipAfter: null }],
  ["id:'7',phase:'request'", { number: 7, phase: 2 }],
  ['id:7,phase:response', { phase: 4 }],
  ['id:7,phase:LOGGING', { phase: 5 }],
  ['id:7,phase:1,phase:3', { phase: 3 }],
  ['id:7,deny', { disruption: { kind: 'deny', status: 403 } }],
  ['id:7,deny,status:429', { disruption: { kind: 'deny', status: 429 } }],
  ["id:7,status:'406',deny", { disruption: { kind: 'deny', status: 406 } }],
  ['id:7,deny,status:200', { disruption: { kind: 'deny', status: 403 } }],
  ['id:7,drop', { disruption: { kind: 'drop' } }],
  ['id:7,block', { disruption: { kind: 'pass' } }],
  ['id:7,deny,block', { disruption: { kind: 'deny', status: 403 } }],
  ['id:7,pass,deny', { disruption: { kind: 'deny', status: 403 } }],
  ['id:7,deny,pass', { disruption: { kind: 'pass' } }],
  ['id:7,allow', { disruption: { kind: 'allow', scope: 'all' } }],
  ['id:7,allow:phase', { disruption: { kind: 'allow', scope: 'phase' } }],
  ['id:7,allow:REQUEST', { disruption: { kind: 'allow', scope: 'request' } }],
  ["id:7,redirect:'http://a/'", { disruption: { kind: 'redirect', location: 'http://a/', status: 302 } }],
  ['id:7,status:307,redirect:http://a/', { disruption: { kind: 'redirect', location: 'http://a/', status: 307 } }],
  ['id:7,status:404,redirect:http://a/', { disruption: { kind: 'redirect', location: 'http://a/', status: 302 } }],
  ['id:7,skip:3', { skip: 3 }],
  ['id:7,skipAfter:END', { skipAfter: 'END' }],
  ['id:7,nolog', { isLogged: false }],
  ['id:7,noauditlog', { isLogged: true, isAudited: false }],
  ['id:7,nolog,auditlog', { isLogged: true }],
  ['id:7,log,nolog', { isLogged: false }],
  [
    "id:7,msg:'a %{tx.b}',logdata:'%{MATCHED_VAR}'",
    {
      message: ['a ', { collection: 'TX', key: 'b' }],
      logData: [{ collection: 'MATCHED_VAR', key: null }],
    },
  ],
  ["id:7,severity:'CRITICAL',rev:'2',ver:'A/1'", { severityLevel: 2, revision: '2', version: 'A/1' }],
  ['id:7,severity:7,maturity:1,accuracy:2', { severityLevel: 7 }],
]

const links: readonly (readonly [actions: string, action: Action])[] = [
  ['setvar:tx.a=1', { kind: 'setvar', store: 'tx', key: 'a', change: 'set', value: '1' }],
  ['setvar:TX:a=1', { kind: 'setvar', store: 'tx', key: 'a', change: 'set', value: '1' }],
  ["setvar:'tx.a=b, c'", { kind: 'setvar', store: 'tx', key: 'a', change: 'set', value: 'b, c' }],
  ['setvar:tx.a', { kind: 'setvar', store: 'tx', key: 'a', change: 'set', value: '1' }],
  ['setvar:tx.a=', { kind: 'setvar', store: 'tx', key: 'a', change: 'set', value: '' }],
  ["setvar:'!ip.a'", { kind: 'setvar', store: 'ip', key: 'a', change: 'unset', value: '' }],
  ['setvar:session.a=+5', { kind: 'setvar', store: 'session', key: 'a', change: 'add', value: '5' }],
  ['setvar:user.a=-5', { kind: 'setvar', store: 'user', key: 'a', change: 'subtract', value: '5' }],
  [
    "setvar:'tx.a=+%{tx.b}'",
    { kind: 'setvar', store: 'tx', key: 'a', change: 'add', value: [{ collection: 'TX', key: 'b' }] },
  ],
  [
    "setvar:'tx.%{rule.id}-A/B-%{MATCHED_VAR_NAME}=x=y'",
    {
      kind: 'setvar',
      store: 'tx',
      key: [{ collection: 'RULE', key: 'id' }, '-A/B-', { collection: 'MATCHED_VAR_NAME', key: null }],
      change: 'set',
      value: 'x=y',
    },
  ],
  ['expirevar:ip.a=60', { kind: 'expirevar', store: 'ip', key: 'a', seconds: '60' }],
  ["expirevar:'ip.a=%{tx.t}'", { kind: 'expirevar', store: 'ip', key: 'a', seconds: [{ collection: 'TX', key: 't' }] }],
  ["initcol:ip='1.2.3.4'", { kind: 'bind', store: 'ip', key: '1.2.3.4' }],
  ['initcol:global=global', { kind: 'bind', store: 'global', key: 'global' }],
  [
    'initcol:ip=%{REMOTE_ADDR}_%{tx.u}',
    {
      kind: 'bind',
      store: 'ip',
      key: [{ collection: 'REMOTE_ADDR', key: null }, '_', { collection: 'TX', key: 'u' }],
    },
  ],
  [
    'setsid:%{REQUEST_COOKIES.sid}',
    { kind: 'bind', store: 'session', key: [{ collection: 'REQUEST_COOKIES', key: 'sid' }] },
  ],
  ['setuid:a', { kind: 'bind', store: 'user', key: 'a' }],
  ["setrsc:'a'", { kind: 'bind', store: 'resource', key: 'a' }],
  ["setenv:'a=b=c'", { kind: 'setvar', store: 'env', key: 'a', change: 'set', value: 'b=c' }],
]

const refused: readonly (readonly [actions: string, reason: string])[] = [
  ['id:7,foo', 'rule 7: action foo is not known'],
  ['id:7,exec:/bin/echo', 'rule 7: action exec is not supported: no programs or scripts are run'],
  ["id:7,proxy:'http://a/'", 'rule 7: action proxy is not supported: requests go to the configured upstream only'],
  ['pass', 'SecAction has no id'],
  ['id:0,pass', 'rule 0: action id: expected a number from 1 up, found `0`'],
  ['id:-1,pass', 'rule -1: action id: expected a number from 1 up, found `-1`'],
  [`id:${'1'.repeat(40)}`, 'expected a number from 1 up'],
  ["id:'7,pass", 'rule 7: the quote before `7,pass` is never closed'],
  ["id:7',pass", "action id: expected a number from 1 up, found `7'`"],
  ['id:7,phase:6', 'rule 7: action phase: expected 1 to 5, request, response or logging, found `6`'],
  ['id:7,severity:8', 'rule 7: action severity: expected a severity from 0 to 7'],
  ['id:7,severity:bad', 'action severity: expected a severity from 0 to 7'],
  ['id:7,t:nosuch', 'action t: transformation t:nosuch is not known'],
  ['id:7,t', 'action t needs a value'],
  ['id:7,msg:', 'action msg needs a value'],
  ['id:7,deny:403', 'action deny takes no value, found `403`'],
  ['id:7,status:99', 'action status: expected a status from 100 to 599, found `99`'],
  ['id:7,allow:all', 'action allow: expected allow, allow:phase or allow:request, found `all`'],
  ['id:7,skip:abc', 'action skip: expected a number of rules after skip:, found `abc`'],
  ['id:7,msg:%{foo.bar}', 'action msg: %{foo.bar} names the variable FOO, which is not known'],
  [
    'id:7,setvar:foo.a=1',
    'action setvar: expected a variable of tx, ip, global, session, resource, user, found `foo.a=1`',
  ],
  ['id:7,setvar:tx.=1', 'action setvar: expected a name after tx., found `tx.=1`'],
  ['id:7,setvar:a', 'action setvar: expected a variable of tx'],
  ['id:7,expirevar:ip.a', 'action expirevar: expected seconds after ip.a'],
  ['id:7,initcol:tx=a', 'action initcol: expected ip=, global=, resource=, session= or user= with a key'],
  ['id:7,setenv:a', 'action setenv: expected name=value, found `a`'],
  ["id:7,xmlns:soap'http://a/'", 'action xmlns: expected prefix='],
  ["id:7,xmlns:soap='a/b'", 'action xmlns: expected prefix='],
  ['id:7,ctl:ruleEngine', 'action ctl: expected name=value after ctl:, found `ruleEngine`'],
  ['id:7,ctl:foo=1', 'action ctl: ctl:foo is not known'],
  ['id:7,ctl:parseXmlIntoArgs=On', 'action ctl: ctl:parseXmlIntoArgs is not supported'],
]

describe('actions', () => {
  it.each(flows)('reads %s', (actions, flow) => expect(ruleOf(`SecAction "${actions}"`).flow).toMatchObject(flow))

  it.each(links)('reads %s', (actions, action) => {
    expect(ruleOf(`SecAction "id:7,pass,${actions}"`).conditions[0].actions).toEqual([action])
  })

  it.each(refused)('refuses %s', (actions, reason) => {
    const fault = faultOf(`\nSecAction "${actions}"`)
    expect(fault).toContain('test.conf:2:')
    expect(fault).toContain(reason)
  })

  it('runs all of its cases', () => expect([flows.length, links.length, refused.length]).toEqual([29, 19, 31]))

  it('has a case for every action', () => {
    const texts = [...flows, ...links, ...refused].map(([text]) => text.toLowerCase()).join('\n')
    const silent = ['append', 'prepend', 'pause', 'deprecatevar', 'capture', 'multimatch', 'chain', 'tag']
    for (const name of [...actionTable.keys(), ...refusedActions.keys()]) {
      if (name.startsWith('sanitise') || silent.includes(name)) continue
      expect(texts).toMatch(new RegExp(`(?:^|[,\\n])${name}(?:[:,\\n]|$)`))
    }
  })

  it('takes actions without effect and says so', () => {
    const names = [...actionTable.values()].filter(({ means }) => means.startsWith('No effect')).map(({ name }) => name)
    expect(names).toHaveLength(9)
    for (const name of names) {
      expect(programOf(`SecAction "id:1,pass,${name}:a"`).notices).toEqual([
        expect.stringContaining(`Action ${name} has no effect`),
      ])
    }
  })

  it('keeps capture, multiMatch and tags', () => {
    const rule = ruleOf(`SecRule ARGS a "id:1,capture,multiMatch,tag:'a b',tag:c"`)
    expect(rule.conditions[0]).toMatchObject({ hasCapture: true, isMultiMatch: true })
    expect(rule.tags).toEqual(['a b', 'c'])
  })
})
