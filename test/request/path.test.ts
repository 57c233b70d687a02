import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { queryStart, readPath, targetPath } from '../../src/request/path.ts'

describe('readPath', () => {
  const cases: readonly (readonly [wire: string, resolved: string, decoded: string])[] = [
    ['/orders/7', '/orders/7', '/orders/7'],
    ['/a/../b', '/b', '/a/../b'],
    ['/a/%2e%2e/b', '/b', '/a/../b'],
    ['/a/..%2f..%2fetc', '/etc', '/a/../../etc'],
    ['/a%5c..%5cb', '/b', '/a\\..\\b'],
    ['//a//b/', '/a/b/', '//a//b/'],
    ['/./a/.', '/a', '/./a/.'],
    ['/caf%C3%A9', '/café', '/café'],
    ['', '/', ''],
  ]
  it.each(cases)('resolves %j to %j and keeps %j to look at', (wire, resolved, decoded) => {
    expect(readPath(wire, 5)).toEqual({ wire, resolved, decoded })
  })

  it('has run all of its cases', () => expect(cases.length).toBe(9))

  it('never resolves to a path with dot segments, and resolving again changes nothing', () => {
    const piece = fc.constantFrom('/', '.', '..', '%2e', '%2f', '\\', 'a', '%', 'é', '%c0%ae')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const { resolved } = readPath(`/${pieces.join('')}`, 5)
        expect(resolved.split('/').some((segment) => segment === '.' || segment === '..')).toBe(false)
        expect(readPath(resolved, 5).resolved.replace(/\/$/, '')).toBe(resolved.replace(/\/$/, ''))
      }),
    )
  })
})

describe('request targets', () => {
  it.each([
    ['/a?b', '/a'],
    ['http://api.test/a?b', '/a'],
    ['http://api.test', '/'],
    ['*', '*'],
  ])('takes from %j the path %j', (target, path) => {
    expect(targetPath(target)).toBe(path)
  })

  it('starts the query at the first question mark', () => {
    expect(queryStart('/a?b?c')).toBe(2)
    expect(queryStart('/a')).toBe(2)
  })
})
