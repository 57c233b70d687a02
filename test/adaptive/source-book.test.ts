import { describe, expect, it } from '@jest/globals'
import { SourceBook } from '../../src/adaptive/source-book.ts'

describe('SourceBook', () => {
  it('knows a source after enough slices, not after many requests', () => {
    const book = new SourceBook(3)
    for (let request = 0; request < 50; request += 1) book.visit(1, 1)
    book.visit(1, 2)
    expect(book.isEstablished(1)).toBe(false)
    book.visit(1, 3)
    expect([book.isEstablished(1), book.isEstablished(2)]).toEqual([true, false])
  })

  it('excludes for a day a source that was found out in three places within two slices', () => {
    const book = new SourceBook(3)
    for (const place of [5, 6, 5, 6]) book.accuse(1, place, 10)
    expect(book.isExcluded(1, 10)).toBe(false)
    book.accuse(1, 7, 11)
    expect([11, 12, 82].map((slice) => book.isExcluded(1, slice))).toEqual([true, true, true])
    expect(book.isExcluded(1, 83)).toBe(false)
  })

  it('forgives findings that lie further apart', () => {
    const book = new SourceBook(3)
    for (let slice = 0; slice < 60; slice += 2) book.accuse(1, slice, slice)
    expect(book.isExcluded(1, 60)).toBe(false)
  })

  it('takes what many known sources send for a change and goes on learning from nine in ten of them', () => {
    const book = new SourceBook(3)
    for (let source = 0; source < 100; source += 1)
      for (let slice = 1; slice <= 3; slice += 1) book.visit(source, slice)
    for (let source = 0; source < 100; source += 1) for (const place of [1, 2, 3]) book.accuse(source, place, 4)
    const excluded = Array.from({ length: 100 }, (_, source) => book.isExcluded(source, 5)).filter(Boolean)
    expect(excluded.length).toBe(10)
  })

  it('excludes any number of strangers', () => {
    const book = new SourceBook(3)
    for (let source = 0; source < 50; source += 1) for (const place of [1, 2, 3]) book.accuse(source, place, 4)
    expect(Array.from({ length: 50 }, (_, source) => book.isExcluded(source, 5))).not.toContain(false)
  })
})
