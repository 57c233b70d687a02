import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createReader, fieldsOf } from '../support/canonical.ts'

const type = 'application/json'
const bodyFields = (body: string): string[] => {
  const request = createReader().read({ type, body })
  return fieldsOf(request).filter((field) => field.startsWith('json:'))
}

/** Leaves of a parsed document in the form that the reader names them. */
function leavesOf(value: unknown, pointer: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, `${pointer}/[]`))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${pointer}/${name}`))
  }
  return [`json:${pointer}=${String(value)}`]
}

describe('JSON bodies', () => {
  it('names every leaf by its pointer, array places as []', () => {
    expect(bodyFields('{"items":[{"sku":"a-1","n":2},{"sku":"b"}],"ok":true,"none":null}')).toEqual([
      'json:/items/[]/sku=a-1',
      'json:/items/[]/n=2',
      'json:/items/[]/sku=b',
      'json:/ok=true',
      'json:/none=null',
    ])
  })

  it('keeps the exact text of numbers', () => {
    expect(bodyFields('[1e400, 0.10, -0]')).toEqual(['json:/[]=1e400', 'json:/[]=0.10', 'json:/[]=-0'])
  })

  it('reads the same leaves as JSON.parse', () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/).filter((text) => !['constructor', 'prototype'].includes(text))
    const leaf = fc.oneof(fc.stringMatching(/^[a-z "\n\u00e9]{0,12}$/), fc.integer(), fc.boolean(), fc.constant(null))
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(name, tie('node'), { maxKeys: 4 }),
      ),
    })).node
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        expect(bodyFields(JSON.stringify(value, null, indent))).toEqual(leavesOf(value, ''))
      }),
    )
  })

  it('notes a property that stands twice, known to self or not', () => {
    const reader = createReader()
    const sketch = { type, target: '/x', body: '{"role":"user","role":"admin"}' }
    expect(reader.read(sketch).oddities.map(({ kind }) => kind)).toEqual(['duplicate-json-key'])
    const route = reader.catalog.learnRoute('api.test', 'POST', '/x')
    reader.catalog.learnField(route, 'json', '/role')
    expect(reader.read(sketch).oddities.map(({ kind }) => kind)).toEqual(['duplicate-json-key'])
    expect(reader.read({ ...sketch, body: '{"role":"user"}' }).oddities).toEqual([])
  })

  it('looks at names that reach for the prototype as values', () => {
    expect(bodyFields('{"__proto__":{"admin":true}}')).toContain('json:{name}=__proto__')
    expect(bodyFields('{"$where":"1"}')).toContain('json:{name}=$where')
  })

  it('reads JSON inside a string as fields of its own', () => {
    expect(bodyFields(JSON.stringify({ payload: JSON.stringify({ q: '<b>' }) }))).toContain('json:/payload~/q=<b>')
  })

  it('finds the number of a known field without its name being built', () => {
    const reader = createReader()
    const sketch = { type, target: '/orders', body: '{"lines":[{"sku":"a"}]}' }
    const route = reader.catalog.learnRoute('api.test', 'POST', '/orders')
    const slot = reader.catalog.learnField(route, 'json', '/lines/[]/sku')
    expect(reader.read(sketch).fields.at(-1)).toMatchObject({ slot, name: '/lines/[]/sku', value: 'a' })
  })

  const malformed = [
    '{',
    '{"a"',
    '{"a":}',
    '{"a":1,}',
    '[1,',
    '[1 2]',
    '"open',
    '{"a":01}',
    'nul',
    '{"a":"\\x"}',
    '{"a":1}}',
    '',
  ]
  it.each(malformed)('keeps %j as text and says that it is malformed', (body) => {
    const request = createReader().read({ type, body: body === '' ? ' [' : body })
    expect(request.oddities.map(({ kind }) => kind)).toContain('malformed-json')
    expect(fieldsOf(request).some((field) => field.startsWith('body:text='))).toBe(true)
  })

  it('has run all malformed cases', () => expect(malformed.length).toBe(12))

  it('stops at the depth cap and says so', () => {
    const depth = 40
    const request = createReader({ maxDepth: 32 }).read({ type, body: '['.repeat(depth) + ']'.repeat(depth) })
    expect(request.oddities.map(({ kind }) => kind)).toContain('too-deep')
  })

  it('stops at the field cap, says so, and keeps the text as one value more', () => {
    const request = createReader({ maxFields: 50 }).read({
      type,
      body: JSON.stringify(Array.from({ length: 100 }, () => 1)),
    })
    expect(request.fields.length).toBe(51)
    expect(request.fields.at(-1)).toMatchObject({ location: 'body', name: 'text' })
    expect(request.oddities.map(({ kind }) => kind)).toContain('too-many-fields')
  })

  it('never throws, whatever the bytes', () => {
    const reader = createReader({ maxFields: 500 })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (body) => {
          expect(reader.read({ type, body }).fields.length).toBeLessThanOrEqual(500)
        },
      ),
    )
  })
})
