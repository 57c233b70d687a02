import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fieldFlags } from '../../src/request/field.ts'
import { createReader, fieldsOf } from '../support/canonical.ts'

describe('createCanonicalizer', () => {
  it('reads path, query, cookies and body of one request', () => {
    const request = createReader().read({
      target: '/orders/7?q=caf%C3%A9+noir&page=2',
      headers: [['Cookie', 'sid=abc; theme="dark%20blue"']],
      type: 'application/json',
      body: '{"a":1}',
    })
    expect(fieldsOf(request)).toEqual([
      'path:segment 1=orders',
      'path:segment 2=7',
      'query:q=café noir',
      'query:page=2',
      'cookie:sid=abc',
      'cookie:theme=dark blue',
      'json:/a=1',
    ])
    expect(request.path).toBe('/orders/7')
  })

  it('reads cookies with and without a name, in any order', () => {
    const headers = [['Cookie', ';;a;b=1;;c;d==2;e']] as const
    expect(fieldsOf(createReader().read({ headers }))).toEqual([
      'cookie:=a',
      'cookie:b=1',
      'cookie:=c',
      'cookie:d==2',
      'cookie:=e',
    ])
  })

  it('reads header values that are UTF-8 or latin-1 on the wire', () => {
    const headers = [
      ['X-Utf', Buffer.from('café').toString('latin1')],
      ['X-Latin', 'caf\xe9'],
    ] as const
    const request = createReader().read({ headers })
    expect(request.fields.find(({ name }) => name === 'x-utf')).toMatchObject({ value: 'café', flags: 0 })
    expect(request.fields.find(({ name }) => name === 'x-latin')).toMatchObject({
      value: 'café',
      flags: fieldFlags.invalidUtf8,
    })
  })

  it('opens base64 that holds text, and leaves random tokens alone', () => {
    const read = (value: string) => fieldsOf(createReader().read({ target: `/?p=${encodeURIComponent(value)}` }))
    expect(read(Buffer.from("1' or sleep(5)--").toString('base64'))).toContain("query:p~base64=1' or sleep(5)--")
    expect(read('q1w2e3r4t5y6u7i8o9p0q1w2e3r4').filter((field) => field.includes('~'))).toEqual([])
  })

  it('opens the readable parts of a web token', () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub: 'anna', role: 'admin' })}.`
    const request = createReader().read({ headers: [['Authorization', `Bearer ${token}`]] })
    const field = request.fields.find(({ name }) => name === 'authorization~jwt.header~/alg')
    expect(field?.value).toBe('none')
    expect(request.fields.find(({ name }) => name.endsWith('~jwt.claims'))?.flags).toBe(fieldFlags.derived)
  })

  it('notes too many headers', () => {
    const headers = Array.from({ length: 12 }, (_, index) => [`X-${index}`, 'v'] as const)
    const request = createReader({ maxHeaders: 10 }).read({ headers })
    expect(request.oddities.map(({ kind }) => kind)).toContain('too-many-headers')
  })

  it('notes a value that stays encoded beyond the cap', () => {
    const request = createReader({ maxDecodeDepth: 2 }).read({ target: `/?q=%${'25'.repeat(6)}3c` })
    expect(request.oddities.map(({ kind }) => kind)).toContain('undecoded')
  })

  it('caps the length of names', () => {
    const request = createReader({ maxNameLength: 16 }).read({ target: `/?${'n'.repeat(100)}=1` })
    expect(request.oddities.map(({ kind }) => kind)).toContain('name-too-long')
    expect(request.fields.every(({ name }) => name.length <= 40)).toBe(true)
  })

  it('marks the segments that belong to the name of a known route', () => {
    const reader = createReader()
    reader.catalog.learnRoute('api.test', 'GET', '/orders/7/lines')
    const literals = (target: string) =>
      reader
        .read({ target })
        .fields.filter(({ flags }) => (flags & fieldFlags.literal) !== 0)
        .map(({ value }) => value)
    expect(literals('/orders/9/lines')).toEqual(['orders', 'lines'])
    expect(literals('/orders/9')).toEqual([])
  })

  it('gives the same fields again, whether it kept them or read them anew', () => {
    const reader = createReader()
    const sketch = { target: '/s?q=caf%C3%A9&kind=a', headers: [['X-App', 'one%20two']] as const }
    const first = reader.read(sketch)
    const route = reader.catalog.learnRoute('api.test', 'GET', '/s')
    for (const { location, name } of first.fields) reader.catalog.learnField(route, location, name)
    const [fresh, kept] = [reader.read(sketch), reader.read(sketch)]
    expect(kept.fields.map((field) => field)).toEqual(fresh.fields)
    expect(kept.fields.filter(({ memo }) => memo > 0).length).toBeGreaterThan(2)
    expect(kept.fields.find(({ name }) => name === 'q')).toBe(fresh.fields.find(({ name }) => name === 'q'))
  })

  it('lets nothing of one request show in the next', () => {
    const reader = createReader()
    const first = reader.read({ target: '/?a=1', type: 'application/json', body: '{' })
    const second = reader.read({ target: '/?b=2' })
    expect(fieldsOf(first)).toContain('query:a=1')
    expect(fieldsOf(second)).toEqual(['query:b=2'])
    expect(second.oddities).toEqual([])
  })

  it('gives a result for any bytes in target, headers and cookies, and names nothing without bound', () => {
    const latin1 = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 60,
    })
    const reader = createReader()
    fc.assert(
      fc.property(latin1, latin1, latin1, latin1, (target, name, value, cookie) => {
        const headers = [
          [name, value],
          ['Cookie', cookie],
          ['Authorization', value],
          ['X-Forwarded-For', value],
        ] as const
        const { fields, path } = reader.read({ target: `/${target}`, headers })
        expect(path.startsWith('/')).toBe(true)
        for (const field of fields) expect(field.name.length).toBeLessThanOrEqual(600)
      }),
      { numRuns: 1_000 },
    )
  })
})
