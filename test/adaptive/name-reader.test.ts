import { describe, expect, it } from '@jest/globals'
import { createNameReader, isStructure } from '../../src/adaptive/name-reader.ts'
import type { Names } from '../../src/adaptive/route-shape.ts'
import { createReader, type Sketch } from '../support/canonical.ts'

function scene() {
  const { catalog, read } = createReader()
  const route = catalog.learnRoute('api.test', 'GET', '/search')
  for (const name of ['q', 'page', 'sort']) catalog.learnField(route, 'query', name)
  const readNames = createNameReader()
  const names = (target: string, sketch: Sketch = {}): Names => {
    const { slots, ...rest } = readNames(read({ ...sketch, target }))
    return { ...rest, slots: slots.slice(0, rest.count) }
  }
  return { read, names }
}

describe('createNameReader', () => {
  it('reads each name once, in the order of the request', () => {
    const { names } = scene()
    const { count, slots, hasUnknown } = names('/search?q=a&page=1&q=b')
    expect([count, new Set(slots).size, hasUnknown]).toEqual([2, 2, false])
    expect([...names('/search?page=1&q=a').slots]).toEqual([...slots].reverse())
  })

  it('tells sets of names apart whatever their order, and orders of the same set', () => {
    const { names } = scene()
    const [ab, ba, abc] = ['/search?q=a&page=1', '/search?page=2&q=b', '/search?q=a&page=1&sort=x'].map((target) =>
      names(target),
    )
    expect(ab?.set).toBe(ba?.set)
    expect(ab?.order).not.toBe(ba?.order)
    expect(ab?.set).not.toBe(abc?.set)
    expect(names('/search?q=zzz&page=7')).toEqual(ab)
  })

  it('notices a name that nobody has learned', () => {
    const { names } = scene()
    expect(names('/search?q=a&debug=1')).toMatchObject({ count: 1, hasUnknown: true })
    expect(names('/search')).toMatchObject({ count: 0, hasUnknown: false })
  })

  it('looks at what the API chooses, and at no header or cookie', () => {
    const { read, names } = scene()
    const headers = [['Cookie', 'a=1; b=2'] as const, ['X-New', '1'] as const]
    expect(names('/search?q=a', { headers })).toEqual(names('/search?q=a'))
    const { fields } = read({ target: '/search?q=a', headers })
    expect(fields.filter(isStructure).map(({ location, name }) => `${location}:${name}`)).toEqual(['query:q'])
  })
})
