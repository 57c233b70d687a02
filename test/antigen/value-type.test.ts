import { describe, expect, it } from '@jest/globals'
import { valueTypeOf, valueTypes } from '../../src/antigen/value-type.ts'

const cases: readonly (readonly [value: string, type: (typeof valueTypes)[number]])[] = [
  ['', 'empty'],
  ['true', 'boolean'],
  ['-12', 'integer'],
  ['12.50', 'decimal'],
  ['6f1c2a34-1111-4222-8333-0123456789ab', 'uuid'],
  ['deadbeef01', 'hex'],
  ['2026-11-23', 'date'],
  ['2026-11-23T10:00:00Z', 'date'],
  ['10:30', 'time'],
  ['anna@example.test', 'email'],
  ['192.0.2.1', 'address'],
  ['https://example.test/a?b=c', 'url'],
  ['/static/app.js', 'path'],
  ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.', 'jwt'],
  ['YWJjZGVmZ2hpamtsbW5vcA==', 'base64'],
  ['blue-suede-shoes', 'slug'],
  ['amber', 'word'],
  ['Müller', 'word'],
  ["rock & roll, it's fine!", 'phrase'],
  ['{"a":1}', 'structure'],
  ['1; drop table x -- y', 'text'],
  ["';--", 'other'],
]

describe('valueTypeOf', () => {
  it.each(cases)('takes %j for %s', (value, type) => {
    expect(valueTypes[valueTypeOf(value)]).toBe(type)
  })

  it('has run all of its cases', () => expect(cases.length).toBe(22))

  it.each(['a', 'a.', 'a b', '1', '{', 'a@', '/a', 'é ', 'a-'])('types a megabyte of %j', (piece) => {
    expect(valueTypes[valueTypeOf(piece.repeat(500_000))]).toBeDefined()
  })
})
