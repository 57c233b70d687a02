import { describe } from '@jest/globals'
import { formOf } from './run-case.ts'
import { runCases } from './semantics.ts'

const two = { target: '/?a=evil&b=evil&Cc=fine' }

describe('what a rule looks at', () => {
  runCases(
    [
      {
        says: 'every member of a collection, each match counted',
        rules: 'SecRule ARGS "@contains evil" "id:1,phase:1,pass,setvar:tx.n=+1"',
        request: two,
        matched: [1],
        tx: { n: '2' },
      },
      {
        says: 'one member by its key, without regard to case',
        rules: 'SecRule ARGS:cC "@streq fine" "id:1,phase:1,pass,setvar:tx.name=%{MATCHED_VAR_NAME}"',
        request: two,
        matched: [1],
        tx: { name: 'ARGS:Cc' },
      },
      {
        says: 'all members of the same key',
        rules: 'SecRule ARGS:x "@rx ." "id:1,phase:1,pass,setvar:tx.n=+1"',
        request: { target: '/?x=1&x=2&x=3' },
        tx: { n: '3' },
      },
      {
        says: 'members whose key a pattern matches',
        rules: 'SecRule ARGS:/^[ab]$/ "@rx ." "id:1,phase:1,pass,setvar:tx.n=+1"',
        request: { target: '/?a=1&b=2&ab=3' },
        tx: { n: '2' },
      },
      {
        says: 'not what is excluded by key',
        rules:
          'SecRule ARGS|!ARGS:a "@contains evil" "id:1,phase:1,pass,setvar:tx.names=%{tx.names}%{MATCHED_VAR_NAME}"',
        request: two,
        tx: { names: 'ARGS:b' },
      },
      {
        says: 'not what is excluded by pattern',
        rules: 'SecRule ARGS|!ARGS:/^[ab]/ "@contains evil" "id:1,phase:1,pass"',
        request: two,
        matched: [],
      },
      {
        says: 'what is excluded of one variable still in another',
        rules: 'SecRule ARGS|ARGS_GET|!ARGS:a "@contains evil" "id:1,phase:1,pass,setvar:tx.n=+1"',
        request: two,
        tx: { n: '3' },
      },
      {
        says: 'nothing when all of a variable is excluded',
        rules: 'SecRule ARGS|!ARGS "@contains evil" "id:1,phase:1,pass"',
        request: two,
        matched: [],
      },
      {
        says: 'how many members there are',
        rules: 'SecRule &ARGS "@eq 3" "id:1,phase:1,pass,setvar:tx.name=%{MATCHED_VAR_NAME}"',
        request: two,
        matched: [1],
        tx: { name: 'ARGS' },
      },
      {
        says: 'how many members of a key there are, none included',
        rules: 'SecRule &ARGS:b "@eq 1" "id:1,phase:1,pass"\nSecRule &ARGS:z "@eq 0" "id:2,phase:1,pass"',
        request: two,
        matched: [1, 2],
      },
      {
        says: 'how many transaction variables a pattern matches',
        rules: `SecAction "id:1,phase:1,pass,setvar:tx.ab=1,setvar:tx.ac=1,setvar:tx.b=1"
SecRule &TX:/^a/ "@eq 2" "id:2,phase:1,pass"`,
        matched: [1, 2],
      },
      {
        says: 'nothing of what is not there, negated or not',
        rules: `SecRule ARGS:none "@streq x" "id:1,phase:1,pass"
SecRule ARGS:none "!@streq x" "id:2,phase:1,pass"
SecRule TX:none "!@streq x" "id:3,phase:1,pass"`,
        matched: [],
      },
      {
        says: 'every value that a negated operator does not hold for',
        rules: 'SecRule ARGS "!@streq evil" "id:1,phase:1,pass,setvar:tx.name=%{MATCHED_VAR_NAME}"',
        request: two,
        matched: [1],
        tx: { name: 'ARGS:Cc' },
      },
      {
        says: 'the query string alone in phase 1 and the form as well in phase 2',
        rules: 'SecRule &ARGS "@eq 1" "id:1,phase:1,pass"\nSecRule &ARGS "@eq 2" "id:2,phase:2,pass"',
        request: { ...formOf('b=2'), target: '/?a=1' },
        matched: [1, 2],
      },
      {
        says: 'what SecRuleUpdateTargetById leaves',
        rules: 'SecRule ARGS "@contains evil" "id:1,phase:1,pass,setvar:tx.n=+1"\nSecRuleUpdateTargetById 1 "!ARGS:a"',
        request: two,
        tx: { n: '1' },
      },
      {
        says: 'names and values, each under its own name',
        rules: 'SecRule ARGS_NAMES "@streq Cc" "id:1,phase:1,pass,setvar:tx.name=%{MATCHED_VAR_NAME}"',
        request: two,
        tx: { name: 'ARGS_NAMES:Cc' },
      },
      {
        says: 'text as its transformations leave it',
        rules: 'SecRule ARGS:q "@streq a b" "id:1,phase:1,pass,t:lowercase,t:urlDecodeUni,t:trim"',
        request: { target: '/?q=%2520A%2520B%2520' },
        matched: [1],
      },
      {
        says: 'text before and after each transformation with multiMatch',
        rules: `SecRule ARGS:q "@streq %41" "id:1,phase:1,pass,t:urlDecodeUni,t:lowercase,multiMatch"
SecRule ARGS:q "@streq A" "id:2,phase:1,pass,t:urlDecodeUni,t:lowercase,multiMatch"
SecRule ARGS:q "@streq a" "id:3,phase:1,pass,t:urlDecodeUni,t:lowercase,multiMatch"
SecRule ARGS:q "@streq A" "id:4,phase:1,pass,t:urlDecodeUni,t:lowercase"
SecRule ARGS:q "@rx ." "id:5,phase:1,pass,t:urlDecodeUni,t:lowercase,multiMatch,setvar:tx.n=+1"`,
        request: { target: '/?q=%2541' },
        matched: [1, 2, 3, 5],
        tx: { n: '3' },
      },
      {
        says: 'a transformed text in any case',
        rules:
          'SecRule ARGS:q "@contains EVIL" "id:1,phase:1,pass"\nSecRule ARGS:q "@contains evil" "id:2,phase:1,pass,t:lowercase"',
        request: { target: '/?q=eViL' },
        matched: [2],
      },
      {
        says: 'the answer in phases 3 and 4',
        rules: `SecRule RESPONSE_STATUS "@streq 500" "id:1,phase:3,pass"
SecRule RESPONSE_HEADERS:X-Trace "@contains at" "id:2,phase:3,pass"
SecRule RESPONSE_BODY "@contains stack" "id:3,phase:4,deny,status:502"`,
        answer: { status: 500, headers: ['X-Trace', 'at line 3'], body: 'a stack trace' },
        matched: [1, 2, 3],
        status: 502,
      },
    ],
    20,
  )
})

describe('exclusions of one request', () => {
  runCases(
    [
      {
        says: 'take out a rule by its number, a range, a tag and a message',
        rules: `SecAction "id:1,phase:1,pass,ctl:ruleRemoveById=10,ctl:ruleRemoveById=20-29,ctl:ruleRemoveByTag=noisy,ctl:ruleRemoveByMsg=Loud"
SecAction "id:10,phase:1,pass"
SecAction "id:11,phase:1,pass"
SecAction "id:25,phase:1,pass"
SecAction "id:30,phase:1,pass,tag:'noisy'"
SecAction "id:40,phase:1,pass,msg:'Loud'"
SecAction "id:50,phase:2,pass"`,
        matched: [1, 11, 50],
      },
      {
        says: 'hold for later rules alone',
        rules:
          'SecAction "id:2,phase:1,pass"\nSecAction "id:1,phase:1,pass,ctl:ruleRemoveById=2"\nSecAction "id:3,phase:1,pass"',
        matched: [2, 1, 3],
      },
      {
        says: 'take out one target of a rule by its number',
        rules: `SecAction "id:1,phase:1,pass,ctl:ruleRemoveTargetById=2;ARGS:a"
SecRule ARGS "@contains evil" "id:2,phase:1,pass,setvar:tx.names=%{tx.names}%{MATCHED_VAR_NAME}"`,
        request: two,
        tx: { names: 'ARGS:b' },
      },
      {
        says: 'take out one target of all rules with a tag',
        rules: `SecAction "id:1,phase:1,pass,ctl:ruleRemoveTargetByTag=attack;ARGS:b"
SecRule ARGS:b "@contains evil" "id:2,phase:1,pass,tag:'attack'"
SecRule ARGS:b "@contains evil" "id:3,phase:1,pass"`,
        request: two,
        matched: [1, 3],
      },
      {
        says: 'take out one target of all rules with a message',
        rules: `SecAction "id:1,phase:1,pass,ctl:ruleRemoveTargetByMsg=Found;ARGS:a"
SecRule ARGS:a "@contains evil" "id:2,phase:1,pass,msg:'Found'"`,
        request: two,
        matched: [1],
      },
      {
        says: 'take out a whole collection',
        rules: `SecAction "id:1,phase:1,pass,ctl:ruleRemoveTargetById=2;ARGS"
SecRule ARGS|REQUEST_URI "@contains evil" "id:2,phase:1,pass,setvar:tx.n=+1"`,
        request: two,
        tx: { n: '1' },
      },
      {
        says: 'leave the other links of a chain alone',
        rules: `SecAction "id:1,phase:1,pass,ctl:ruleRemoveTargetById=2;ARGS:a"
SecRule ARGS:b "@contains evil" "id:2,phase:1,pass,chain"
  SecRule ARGS:a "@contains evil" "t:none"`,
        request: two,
        matched: [1, 2],
      },
      {
        says: 'switch the engine off for the rest',
        rules:
          'SecAction "id:1,phase:1,pass,ctl:ruleEngine=Off"\nSecAction "id:2,phase:1,deny"\nSecAction "id:3,phase:2,deny"',
        matched: [1],
        status: null,
      },
      {
        says: 'only detect for the rest',
        rules: 'SecAction "id:1,phase:1,pass,ctl:ruleEngine=DetectionOnly"\nSecAction "id:2,phase:2,deny"',
        matched: [1, 2],
        status: null,
      },
      {
        says: 'switch reading of the body off',
        rules: 'SecAction "id:1,phase:1,pass,ctl:requestBodyAccess=Off"\nSecRule &ARGS "@eq 0" "id:2,phase:2,pass"',
        request: formOf('a=1'),
        matched: [1, 2],
      },
      {
        says: 'choose how the body is read',
        rules: `SecRule REQBODY_PROCESSOR "@streq JSON" "id:1,phase:1,pass"
SecAction "id:2,phase:1,pass,ctl:requestBodyProcessor=JSON"
SecRule REQBODY_PROCESSOR "@streq JSON" "id:3,phase:1,pass"
SecRule ARGS "@streq deep" "id:4,phase:2,pass"`,
        request: { method: 'POST', headers: [['Content-Type', 'text/odd']], body: '{"a":{"b":"deep"}}' },
        matched: [2, 3, 4],
      },
    ],
    11,
  )
})
