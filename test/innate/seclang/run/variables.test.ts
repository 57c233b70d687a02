import { describe, expect, it } from '@jest/globals'
import { benchOf, numbersOf, run } from './run-case.ts'
import { runCases } from './semantics.ts'

describe('transaction variables', () => {
  runCases(
    [
      { says: 'are set', rules: 'SecAction "id:1,phase:1,pass,setvar:tx.a=text"', tx: { a: 'text' } },
      { says: 'are set to 1 without a value', rules: 'SecAction "id:1,phase:1,pass,setvar:tx.a"', tx: { a: '1' } },
      {
        says: 'are read without regard to case',
        rules:
          'SecAction "id:1,phase:1,pass,setvar:tx.MiXed=1"\nSecRule TX:mIxED "@eq 1" "id:2,phase:1,pass,setvar:tx.b=%{TX.mixeD}"',
        matched: [1, 2],
        tx: { b: '1' },
      },
      {
        says: 'add and subtract',
        rules: 'SecAction "id:1,phase:1,pass,setvar:tx.a=5,setvar:tx.a=+3,setvar:tx.a=-10"',
        tx: { a: '-2' },
      },
      {
        says: 'start at 0 when they are not there',
        rules: 'SecAction "id:1,phase:1,pass,setvar:tx.a=+3"',
        tx: { a: '3' },
      },
      {
        says: 'count the number at the start of a text, and 0 for none',
        rules:
          'SecAction "id:1,phase:1,pass,setvar:tx.a=7up,setvar:tx.a=+1,setvar:tx.b=up7,setvar:tx.b=+1,setvar:tx.c=+x"',
        tx: { a: '8', b: '1', c: '0' },
      },
      {
        says: 'add what a macro says',
        rules: 'SecAction "id:1,phase:1,pass,setvar:tx.five=5,setvar:tx.sum=1,setvar:tx.sum=+%{tx.five}"',
        tx: { sum: '6' },
      },
      {
        says: 'are taken away',
        rules: 'SecAction "id:1,phase:1,pass,setvar:tx.a=1,setvar:!tx.a"\nSecRule &TX:a "@eq 0" "id:2,phase:1,pass"',
        matched: [1, 2],
        tx: { a: null },
      },
      {
        says: 'have names with macros',
        rules: 'SecRule ARGS "@rx ." "id:1,phase:1,pass,setvar:tx.seen_%{MATCHED_VAR_NAME}=%{MATCHED_VAR}"',
        request: { target: '/?q=1&p=2' },
        tx: { 'seen_ARGS:q': '1', 'seen_ARGS:p': '2' },
      },
      {
        says: 'change once for each value that matches, and keep between phases',
        rules: 'SecRule ARGS "@rx ." "id:1,phase:1,pass,setvar:tx.n=+2"\nSecRule TX:n "@eq 6" "id:2,phase:4,pass"',
        request: { target: '/?a=1&b=1&c=1' },
        matched: [1, 2],
      },
      {
        says: 'hold what was captured, at most ten',
        rules: 'SecRule ARGS:q "@rx ^(a)(b)?(c)(d)(e)(f)(g)(h)(i)(j)(k)" "id:1,phase:1,pass,capture"',
        request: { target: '/?q=acdefghijk' },
        tx: { 0: 'acdefghijk', 1: 'a', 2: '', 3: 'c', 9: 'i', 10: null },
      },
      {
        says: 'hold nothing without capture',
        rules: 'SecRule ARGS:q "@rx ^(a)" "id:1,phase:1,pass"',
        request: { target: '/?q=ab' },
        tx: { 0: null, 1: null },
      },
      {
        says: 'forget groups that the next capture has not',
        rules:
          'SecRule ARGS:q "@rx ^(a)(b)" "id:1,phase:1,pass,capture"\nSecRule ARGS:q "@rx ^(a)" "id:2,phase:1,pass,capture"',
        request: { target: '/?q=ab' },
        tx: { 0: 'a', 1: 'a', 2: null },
      },
      {
        says: 'keep what was captured where a rule does not match',
        rules:
          'SecRule ARGS:q "@rx ^(a)" "id:1,phase:1,pass,capture"\nSecRule ARGS:q "@rx ^(x)" "id:2,phase:1,pass,capture"',
        request: { target: '/?q=ab' },
        tx: { 1: 'a' },
      },
      {
        says: 'are compared with macros in the argument of an operator',
        rules: `SecAction "id:1,phase:1,pass,setvar:tx.limit=3,setvar:tx.n=4,setvar:tx.list=GET HEAD"
SecRule TX:n "@gt %{tx.limit}" "id:2,phase:1,pass"
SecRule REQUEST_METHOD "@within %{tx.list}" "id:3,phase:1,pass"
SecRule REQUEST_METHOD "!@within %{tx.list}" "id:4,phase:1,pass"`,
        matched: [1, 2, 3],
      },
    ],
    15,
  )
})

describe('what has matched', () => {
  runCases(
    [
      {
        says: 'has value and name',
        rules:
          'SecRule REQUEST_HEADERS:User-Agent "@contains x" "id:1,phase:1,pass,setvar:tx.v=%{MATCHED_VAR},setvar:tx.n=%{MATCHED_VAR_NAME}"',
        request: { headers: [['user-agent', 'axe']] },
        tx: { v: 'axe', n: 'REQUEST_HEADERS:user-agent' },
      },
      {
        says: 'is the text after transformations',
        rules: 'SecRule ARGS:q "@rx ." "id:1,phase:1,pass,t:lowercase,setvar:tx.v=%{MATCHED_VAR}"',
        request: { target: '/?q=ABC' },
        tx: { v: 'abc' },
      },
      {
        says: 'is forgotten after a rule that does not match',
        rules: `SecRule ARGS:q "@rx ." "id:1,phase:1,pass"
SecRule ARGS:q "@streq no" "id:2,phase:1,pass"
SecRule &MATCHED_VARS "@eq 0" "id:3,phase:1,pass"`,
        request: { target: '/?q=1' },
        matched: [1, 3],
      },
      {
        says: 'has all names and all values',
        rules: `SecRule ARGS "@rx ^\\d$" "id:1,phase:1,pass,chain"
  SecRule MATCHED_VARS_NAMES "@streq ARGS:b" "chain"
  SecRule &MATCHED_VARS "@eq 3" "t:none"`,
        request: { target: '/?a=1&b=2&c=x' },
        matched: [1],
      },
      {
        says: 'is known of the running rule',
        rules: `SecRule ARGS:q "@rx ." "id:77,phase:1,pass,severity:CRITICAL,msg:'Hello',rev:'3',setvar:tx.t=%{rule.id} %{rule.msg} %{RULE.severity} %{rule.rev}"
SecRule RULE:id "@streq 78" "id:78,phase:1,pass"`,
        request: { target: '/?q=1' },
        matched: [77, 78],
        tx: { t: '77 Hello 2 3' },
      },
      {
        says: 'has a highest severity',
        rules: `SecRule HIGHEST_SEVERITY "@eq 255" "id:1,phase:1,pass,severity:WARNING"
SecAction "id:2,phase:1,pass,severity:ERROR"
SecAction "id:3,phase:1,pass,severity:NOTICE"
SecRule HIGHEST_SEVERITY "@eq 3" "id:4,phase:1,pass"`,
        matched: [1, 2, 3, 4],
      },
    ],
    6,
  )
})

describe('macros', () => {
  it('are filled in in messages and log data, with the last value that matched', () => {
    const { matches } = run(
      `SecRule ARGS "@rx ^x" "id:1,phase:1,pass,msg:'Saw %{MATCHED_VAR} of %{REQUEST_METHOD} at %{request_headers.host}',logdata:'%{MATCHED_VAR_NAME} %{tx.none}.'"`,
      { target: '/?a=x1&b=x2' },
    )
    expect(matches[0]).toMatchObject({ message: 'Saw x2 of GET at shop.example', logData: 'ARGS:b .' })
  })

  it('know the time, by the clock that is given, and the request', () => {
    const { send, clock } = benchOf(
      `SecAction "id:1,phase:1,pass,setvar:tx.epoch=%{TIME_EPOCH},setvar:tx.year=%{TIME_YEAR},setvar:tx.mon=%{TIME_MON},setvar:tx.day=%{TIME_DAY},setvar:tx.wday=%{TIME_WDAY},setvar:tx.sec=%{TIME_SEC},setvar:tx.time=%{TIME},setvar:tx.id=%{UNIQUE_ID},setvar:tx.took=%{DURATION}"
SecRule TIME_HOUR "@rx ^\\d+$" "id:2,phase:1,pass"
SecRule TIME_MIN "@rx ^\\d+$" "id:3,phase:1,pass"`,
    )
    const first = send()
    const date = new Date(clock.now())
    const seen = ['epoch', 'year', 'mon', 'day', 'wday', 'sec', 'took'].map((name) => Number(first.variable(name)))
    const { mon, rest } = { mon: date.getMonth(), rest: [date.getDate(), date.getDay(), date.getSeconds(), 0] }
    expect(seen).toEqual([clock.now() / 1000, date.getFullYear(), mon, ...rest])
    expect(first.variable('time')).toMatch(/^\d\d:\d\d:\d\d$/)
    expect(numbersOf(first)).toEqual([1, 2, 3])
    expect(send().variable('id')).not.toBe(first.variable('id'))
  })

  it('stay short, however often a rule doubles a variable', () => {
    const doubling = 'setvar:tx.a=%{tx.a}%{tx.a},'.repeat(40)
    const transaction = run(`SecAction "id:1,phase:1,pass,setvar:tx.a=0123456789,${doubling}nolog"`)
    expect(transaction.variable('a')).toHaveLength(65_536)
  })

  it('of names that a client chooses are bounded in number', () => {
    const target = `/?${Array.from({ length: 900 }, (_, index) => `k${index}=1`).join('&')}`
    const rules = Array.from(
      { length: 6 },
      (_, index) =>
        `SecRule ARGS "@rx ." "id:${index + 1},phase:1,pass,nolog,setvar:tx.${index}_%{MATCHED_VAR_NAME}=1"`,
    )
    const transaction = run(`${rules.join('\n')}\nSecRule &TX "@eq 4096" "id:9,phase:1,pass"`, { target })
    expect(numbersOf(transaction)).toEqual([1, 2, 3, 4, 5, 6, 9])
  })
})

describe('stores', () => {
  const counting = `SecAction "id:1,phase:1,pass,initcol:ip=%{REMOTE_ADDR},setvar:ip.n=+1"
SecRule IP:n "@gt 2" "id:2,phase:1,deny,status:429"`

  it('keep between requests what one request put there', () => {
    const { send } = benchOf(counting)
    expect([send(), send(), send()].map((one) => one.interruption()?.kind ?? null)).toEqual([null, null, 'deny'])
  })

  it('forget a variable when it has run out', () => {
    const { send, clock } = benchOf(`SecAction "id:1,phase:1,pass,initcol:ip=%{REMOTE_ADDR}"
SecRule &IP:held "@eq 1" "id:2,phase:1,deny"
SecAction "id:3,phase:1,pass,setvar:ip.held=1,expirevar:ip.held=60"`)
    expect(numbersOf(send())).toEqual([1, 3])
    expect(numbersOf(send())).toEqual([1, 2])
    clock.advance(60_001)
    expect(numbersOf(send())).toEqual([1, 3])
  })

  it('forget all when nothing has changed for the time of SecCollectionTimeout', () => {
    const { send, clock } = benchOf(`SecCollectionTimeout 10\n${counting}`)
    send()
    send()
    clock.advance(9_000)
    expect(send().interruption()?.kind).toBe('deny')
    clock.advance(10_001)
    expect(send().interruption()).toBeNull()
  })

  it('tell of themselves', () => {
    const { send, clock } = benchOf(`SecAction "id:1,phase:1,pass,initcol:global=all,setvar:global.n=+1"
SecAction "id:2,phase:1,pass,setvar:tx.t=%{global.is_new} %{global.key} %{global.update_counter} %{global.timeout} %{global.update_rate}"`)
    expect(send().variable('t')).toBe('1 all 1 3600 0')
    clock.advance(30_000)
    expect(send().variable('t')).toBe('0 all 2 3600 4')
  })

  it('are apart by name and by key', () => {
    const { send } = benchOf(`SecRule ARGS:u "@rx ." "id:1,phase:1,pass,setuid:%{MATCHED_VAR},setsid:%{MATCHED_VAR}"
SecAction "id:2,phase:1,pass,setvar:user.n=+1,setvar:tx.user=%{user.n},setvar:tx.session=%{session.n},setvar:tx.id=%{USERID}%{SESSIONID}"`)
    const [ada, bob, again] = ['ada', 'bob', 'ada'].map((name) => send({ target: `/?u=${name}` }))
    expect([ada, bob, again].map((one) => one?.variable('user'))).toEqual(['1', '1', '2'])
    expect([again?.variable('session'), again?.variable('id')]).toEqual(['', 'adaada'])
  })

  it('take nothing until they are bound', () => {
    const transaction = run(
      'SecAction "id:1,phase:1,pass,setvar:ip.n=+1,setvar:tx.n=x%{ip.n}"\nSecRule &IP "@eq 0" "id:2,phase:1,pass"',
    )
    expect(transaction.variable('n')).toBe('x')
    expect(numbersOf(transaction)).toEqual([1, 2])
  })

  it('are bounded, and say how many records left', () => {
    const { send, runner } = benchOf(
      'SecRule ARGS:u "@rx ." "id:1,phase:1,pass,initcol:ip=%{MATCHED_VAR},setvar:ip.n=1"',
      {
        maxStoredRecords: 10,
      },
    )
    for (let index = 0; index < 25; index += 1) send({ target: `/?u=${index}` })
    expect([runner.stores.size(), runner.stores.dropped()]).toEqual([10, 15])
  })
})
