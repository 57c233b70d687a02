import { describe } from '@jest/globals'
import { formOf } from './run-case.ts'
import { runCases } from './semantics.ts'

describe('the order of rules', () => {
  runCases(
    [
      {
        says: 'runs phases 1 to 5 one after the other, whatever the order in the file',
        rules: `SecAction "id:5,phase:5,pass"
SecAction "id:4,phase:4,pass"
SecAction "id:3,phase:3,pass"
SecAction "id:2,phase:2,pass"
SecAction "id:1,phase:1,pass"`,
        matched: [1, 2, 3, 4, 5],
      },
      {
        says: 'stops a phase at a refusal and runs only logging after it',
        rules: `SecAction "id:1,phase:1,deny,status:406"
SecAction "id:2,phase:1,pass"
SecAction "id:3,phase:2,pass"
SecAction "id:4,phase:5,pass"`,
        matched: [1, 4],
        status: 406,
      },
      {
        says: 'makes no refusal in phase 5',
        rules: 'SecAction "id:1,phase:5,deny"',
        matched: [1],
        status: null,
      },
      {
        says: 'skips as many rules as skip says, a chain being one',
        rules: `SecAction "id:1,phase:1,pass,skip:2"
SecRule ARGS "@unconditionalMatch" "id:2,phase:1,pass,chain"
  SecAction "nolog"
SecAction "id:3,phase:1,pass"
SecAction "id:4,phase:1,pass"`,
        matched: [1, 4],
      },
      {
        says: 'skips to behind a marker',
        rules: `SecAction "id:1,phase:1,pass,skipAfter:THERE"
SecAction "id:2,phase:1,pass"
SecMarker "THERE"
SecAction "id:3,phase:1,pass"`,
        matched: [1, 3],
      },
      {
        says: 'skips the rest of the phase, and no more, when the marker never comes',
        rules: `SecMarker "BEFORE"
SecAction "id:1,phase:1,pass,skipAfter:BEFORE"
SecAction "id:2,phase:1,pass"
SecAction "id:3,phase:2,pass"`,
        matched: [1, 3],
      },
      {
        says: 'skips only when the whole chain matches',
        rules: `SecRule REQUEST_METHOD "@streq GET" "id:1,phase:1,pass,skipAfter:THERE,chain"
  SecRule ARGS:q "@streq no" "t:none"
SecAction "id:2,phase:1,pass"
SecMarker "THERE"`,
        request: { target: '/?q=yes' },
        matched: [2],
      },
      {
        says: 'ends all phases but logging at allow',
        rules: `SecAction "id:1,phase:1,allow"
SecAction "id:2,phase:1,deny"
SecAction "id:3,phase:2,deny"
SecAction "id:4,phase:4,deny"
SecAction "id:5,phase:5,pass"`,
        matched: [1, 5],
        status: null,
      },
      {
        says: 'ends one phase at allow:phase',
        rules: `SecAction "id:1,phase:1,allow:phase"
SecAction "id:2,phase:1,deny"
SecAction "id:3,phase:2,deny,status:405"`,
        matched: [1, 3],
        status: 405,
      },
      {
        says: 'ends the phases of the request at allow:request',
        rules: `SecAction "id:1,phase:1,allow:request"
SecAction "id:2,phase:2,deny"
SecAction "id:3,phase:3,deny,status:500"`,
        matched: [1, 3],
        status: 500,
      },
      {
        says: 'sends elsewhere at redirect, with macros filled in',
        rules: `SecRule ARGS:to "@rx ^/" "id:1,phase:1,redirect:https://shop.example%{ARGS.to},status:301"`,
        request: { target: '/?to=/next' },
        matched: [1],
        status: 301,
      },
      { says: 'drops', rules: 'SecAction "id:1,phase:1,drop"', matched: [1] },
      {
        says: 'refuses nothing while it only detects, and goes on',
        rules: `SecRuleEngine DetectionOnly
SecAction "id:1,phase:1,deny"
SecAction "id:2,phase:2,allow"
SecAction "id:3,phase:2,pass"`,
        matched: [1, 2, 3],
        status: null,
      },
      {
        says: 'does nothing when the engine is off',
        rules: 'SecRuleEngine Off\nSecAction "id:1,phase:1,deny"',
        matched: [],
        status: null,
      },
      {
        says: 'replaces block by what SecDefaultAction says',
        rules: 'SecDefaultAction "phase:2,log,deny,status:418"\nSecAction "id:1,phase:2,block"',
        matched: [1],
        status: 418,
      },
      {
        says: 'refuses a body beyond a limit that says so, before phase 2',
        rules: `SecRequestBodyLimit 4
SecRequestBodyLimitAction Reject
SecAction "id:1,phase:2,pass"`,
        request: formOf('a=12345'),
        matched: [],
        status: 403,
      },
      {
        says: 'lets a body beyond the limit pass while it only detects',
        rules: `SecRuleEngine DetectionOnly
SecRequestBodyLimit 4
SecRequestBodyLimitAction Reject
SecAction "id:1,phase:2,pass"`,
        request: formOf('a=12345'),
        matched: [1],
        status: null,
      },
    ],
    17,
  )
})

describe('chains', () => {
  runCases(
    [
      {
        says: 'match when all links do',
        rules: `SecRule ARGS:a "@streq 1" "id:1,phase:1,deny,chain"
  SecRule ARGS:b "@streq 2" "chain"
  SecRule ARGS:c "@streq 3" "t:none"`,
        request: { target: '/?a=1&b=2&c=3' },
        matched: [1],
        status: 403,
      },
      {
        says: 'do not match when the last link does not',
        rules: `SecRule ARGS:a "@streq 1" "id:1,phase:1,deny,chain"
  SecRule ARGS:b "@streq 2" "chain"
  SecRule ARGS:c "@streq 3" "t:none"`,
        request: { target: '/?a=1&b=2&c=4' },
        matched: [],
        status: null,
      },
      {
        says: 'set the variables of a link that matches, though the chain does not',
        rules: `SecRule ARGS:a "@streq 1" "id:1,phase:1,pass,setvar:tx.first=yes,chain"
  SecRule ARGS:b "@streq 2" "setvar:tx.second=yes"`,
        request: { target: '/?a=1&b=3' },
        matched: [],
        tx: { first: 'yes', second: null },
      },
      {
        says: 'carry out ctl of any link only when the whole chain matches',
        rules: `SecRule ARGS:a "@streq 1" "id:1,phase:1,pass,ctl:ruleRemoveById=2,chain"
  SecRule ARGS:b "@streq 2" "t:none"
SecAction "id:2,phase:1,pass"`,
        request: { target: '/?a=1&b=3' },
        matched: [2],
      },
      {
        says: 'hand on what was captured',
        rules: `SecRule ARGS:a "@rx ^(\\w+)-(\\w+)$" "id:1,phase:1,pass,capture,chain"
  SecRule TX:2 "@streq right" "setvar:tx.seen=%{tx.1}"`,
        request: { target: '/?a=left-right' },
        matched: [1],
        tx: { seen: 'left' },
      },
      {
        says: 'hand on what matched',
        rules: `SecRule ARGS "@rx ^\\d+$" "id:1,phase:1,pass,chain"
  SecRule MATCHED_VARS "@gt 10" "setvar:tx.name=%{MATCHED_VAR_NAME}"`,
        request: { target: '/?a=5&b=50&c=x' },
        matched: [1],
        tx: { name: 'MATCHED_VARS:ARGS:b' },
      },
      {
        says: 'ask a SecAction in the middle as one that always matches',
        rules: `SecRule ARGS:a "@streq 1" "id:1,phase:1,pass,chain"
  SecAction "chain,setvar:tx.between=1"
  SecRule ARGS:b "@streq 2" "t:none"`,
        request: { target: '/?a=1&b=2' },
        matched: [1],
        tx: { between: '1' },
      },
    ],
    7,
  )
})
