import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createPatternControl, createWhitelistControl } from '../../src/replay/control.ts'
import { valuesOf } from '../../src/replay/control-values.ts'
import type { RequestView } from '../../src/request/request-view.ts'

function view(target: string, body: string | null = null, contentType = 'application/json'): RequestView {
  return {
    method: body === null ? 'GET' : 'POST',
    target,
    rawHeaders: ['Host', 'x', 'Content-Type', contentType],
    body: body === null ? null : Buffer.from(body),
    isBodyCut: false,
    remoteAddress: '10.0.0.1',
    receivedAtMs: 0,
  }
}

describe('the pattern control', () => {
  it('notices quotes, brackets, traversal and shell characters once decoded, and nothing else', () => {
    const { score } = createPatternControl()
    const flagged = ['/?a=%27', '/?a=%3Cb', '/a/../b', '/?a=b;c', '/?a=b|c', '/?a=$x', '/?a=100%25']
    for (const target of flagged) expect(score(view(target))).toBe(1)
    for (const target of ['/', '/a/b.c?d=e+f&g=h-i', '/..a']) expect(score(view(target))).toBe(0)
    expect(score(view('/', '{"a":["x",{"b":"y\'z"}]}'))).toBe(1)
    expect(score(view('/', 'a=b&c=%3Cd', 'application/x-www-form-urlencoded'))).toBe(1)
  })
})

describe('the whitelist control', () => {
  it('knows what it was shown and counts every violation', () => {
    const control = createWhitelistControl()
    for (const target of ['/a?x=abc&y=12', '/a?y=3&x=cab', '/b']) control.learn(view(target))
    expect(control.score(view('/a?x=bca&y=21'))).toBe(0)
    expect(control.score(view('/b'))).toBe(0)
    expect(control.score(view('/a?x=abcd&y=1'))).toBe(2 / 3) // longer, and a character that is new
    expect(control.score(view('/a?x=aaaa&y=1'))).toBe(1 / 2)
    expect(control.score(view('/a?x=abc'))).toBe(1 / 2)
    expect(control.score(view('/c'))).toBeGreaterThan(0.5)
    expect(control.score(view('/a?x=a&y=1&z=1'))).toBeGreaterThan(0.5)
  })

  it('finds nothing wrong with what it has learned', () => {
    const target = fc.stringMatching(/^\/[a-z]{0,5}(\?[a-z]=[!-~]{0,8}){0,3}$/)
    fc.assert(
      fc.property(fc.array(target, { maxLength: 10 }), (targets) => {
        const control = createWhitelistControl()
        for (const one of targets) control.learn(view(one))
        for (const one of targets) expect(control.score(view(one))).toBe(0)
      }),
    )
  })
})

describe('valuesOf', () => {
  it('takes values apart and never throws', () => {
    expect(valuesOf(view('/p?a=1&b&=c', '{"d":[1,null]}')).values.map(({ name, text }) => `${name}=${text}`)).toEqual([
      'path=/p',
      'query:a=1',
      'query:b=',
      'query:=c',
      'json:/d/[]=null',
      'json:/d/[]=1',
    ])
    fc.assert(
      fc.property(
        fc.string({ maxLength: 50 }),
        fc.string({ maxLength: 50 }),
        fc.constantFrom('application/json', 'x/urlencoded', ''),
        (target, body, type) => {
          expect(valuesOf(view(target, body, type)).values.length).toBeGreaterThan(0)
        },
      ),
    )
  })
})
