import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RouteCatalog } from '../../src/request/route-catalog.ts'

const limits = { maxRoutes: 100, maxFieldsPerRoute: 10, maxServices: 3 }
const create = (overrides: Partial<typeof limits> = {}) => new RouteCatalog({ ...limits, ...overrides })

describe('RouteCatalog', () => {
  it.each([
    ['/orders/17', '/orders/{int}'],
    ['/users/6f1c2a34-1111-4222-8333-0123456789ab', '/users/{uuid}'],
    ['/blobs/deadbeef0123', '/blobs/{hex}'],
    ['/t/Ab3xYz9Qw2Lm4Np8', '/t/{token}'],
    ['/orders/latest', '/orders/latest'],
    ['/', '/'],
  ])('suggests for the unknown path %s the template %s', (path, template) => {
    expect(create().match('api', 'GET', path)).toMatchObject({ id: -1, template })
  })

  it('knows a route after it was learned, for every value of its placeholder', () => {
    const catalog = create()
    const learned = catalog.learnRoute('api', 'GET', '/orders/17')
    expect(catalog.match('api', 'GET', '/orders/99').id).toBe(learned.id)
    expect(catalog.match('api', 'POST', '/orders/99').id).toBe(-1)
    expect(catalog.match('other', 'GET', '/orders/99').id).toBe(-1)
  })

  it('folds many literals at one place into one template', () => {
    const catalog = create()
    const names = ['anna', 'bert', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hana', 'ivo', 'jo']
    for (const name of names) catalog.learnRoute('api', 'GET', `/users/${name}/posts`)
    catalog.learnRoute('api', 'GET', '/users/kim/posts')
    expect(catalog.match('api', 'GET', '/users/nobody-yet/posts').template).toBe('/users/*/posts')
  })

  it('keeps literals that are asked for often', () => {
    const catalog = create()
    for (let round = 0; round < 40; round += 1) {
      for (const name of ['orders', 'users', 'products']) catalog.learnRoute('api', 'GET', `/${name}`)
    }
    expect(catalog.match('api', 'GET', '/orders').template).toBe('/orders')
    expect(catalog.match('api', 'GET', '/unknown').id).toBe(-1)
  })

  it('gives one number to a field, and another to its name on all routes', () => {
    const catalog = create()
    const first = catalog.learnRoute('api', 'GET', '/a')
    const second = catalog.learnRoute('api', 'GET', '/b')
    const slot = catalog.learnField(first, 'json', '/items/[]/sku')
    expect(catalog.learnField(first, 'json', '/items/[]/sku')).toBe(slot)
    expect(catalog.learnField(second, 'json', '/sku')).not.toBe(slot)
    expect(catalog.slotOf(first, 'json', '/items/[]/sku')).toBe(slot)
    const shared = catalog.sharedSlot('api', 'json', '/anything/sku')
    expect(shared).toBeGreaterThanOrEqual(0)
    expect(catalog.sharedSlot('api', 'json', '/items/[]/sku')).toBe(shared)
  })

  it('holds its caps and counts what they keep out', () => {
    const catalog = create({ maxRoutes: 4, maxFieldsPerRoute: 3 })
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) catalog.learnRoute('api', 'GET', `/${name}`)
    const route = catalog.match('api', 'GET', '/a')
    for (let index = 0; index < 6; index += 1) catalog.learnField(route, 'query', `name${'x'.repeat(index)}`)
    expect(catalog.routes()).toHaveLength(4)
    expect(catalog.dropped()).toBe(2 + 3)
  })

  it('keeps no more services than it may', () => {
    const catalog = create()
    for (let index = 0; index < 9; index += 1) catalog.learnRoute(`host${index}`, 'GET', '/a')
    expect(catalog.routes()).toHaveLength(limits.maxServices)
  })

  it('takes paths of any depth for one route from the thirteenth segment on, and can be saved with them', () => {
    const catalog = create()
    const ids = [12, 13, 14, 8_000].map((depth) => catalog.learnRoute('a', 'GET', '/x'.repeat(depth)).id)
    expect(ids).toEqual([0, 1, 1, 1])
    expect(catalog.match('a', 'GET', '/x'.repeat(500))).toMatchObject({ id: 1, template: `${'/x'.repeat(12)}/**` })
    expect(catalog.match('b', 'GET', '/x'.repeat(500))).toMatchObject({ id: -1, template: `${'/x'.repeat(12)}/**` })
    const copy = create()
    copy.load(JSON.parse(JSON.stringify(catalog.content())))
    expect(copy.match('a', 'GET', `${'/x'.repeat(40)}/`).id).toBe(1)
  })

  it('keeps the numbers of its fields when it comes back under smaller caps, and then holds those', () => {
    const before = create()
    const route = before.learnRoute('a', 'GET', '/x')
    for (const name of ['a', 'b', 'c', 'd']) before.learnField(route, 'query', name)
    const after = create({ maxFieldsPerRoute: 2 })
    after.load(JSON.parse(JSON.stringify(before.content())))
    expect(after.content().slots).toEqual(before.content().slots)
    expect(after.slotOf(route, 'query', 'd')).toBe(before.slotOf(route, 'query', 'd'))
    expect(after.learnField(route, 'query', 'e')).toBe(-1)
    const narrow = create({ maxRoutes: 1 })
    const wide = create()
    for (let index = 0; index < 12; index += 1) wide.learnShared('a', 'header', `x-${'abcdefghijkl'.charAt(index)}`)
    narrow.load(wide.content())
    expect(narrow.slotCount()).toBe(12)
  })

  it('comes back from its content with the same numbers', () => {
    const segment = fc.constantFrom('a', 'b', '7', '42', 'deadbeef01', 'x1', 'y', 'zeta')
    const visit = fc.record({
      path: fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
      location: fc.constantFrom('query' as const, 'json' as const, 'header' as const),
      name: fc.constantFrom('/a/b', '/c', 'q', 'sort', 'user[#]'),
    })
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 60 }), (visits) => {
        const original = create()
        for (const { path, location, name } of visits) {
          original.learnField(original.learnRoute('api', 'GET', path), location, name)
        }
        const copy = create()
        copy.load(JSON.parse(JSON.stringify(original.content())))
        expect(copy.content()).toEqual(original.content())
        for (const { path, location, name } of visits) {
          const route = original.match('api', 'GET', path)
          expect(copy.match('api', 'GET', path)).toEqual(route)
          expect(copy.slotOf(route, location, name)).toBe(original.slotOf(route, location, name))
        }
      }),
    )
  })
})
