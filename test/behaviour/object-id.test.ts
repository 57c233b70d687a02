import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createObjectId, readObjectId } from '../../src/behaviour/object-id.ts'
import { readSignIn } from '../../src/behaviour/sign-in.ts'
import type { FieldLocation } from '../../src/core/finding.ts'
import { clientNamed, sketchRequest } from '../support/requests.ts'

function idOf(template: string, path: string) {
  const id = createObjectId()
  return readObjectId(sketchRequest({ client: clientNamed('c'), template, path }), id) ? { ...id } : undefined
}

describe('object ids', () => {
  it('reads what stands behind the placeholders of a template', () => {
    const cases: readonly (readonly [string, string, number | undefined])[] = [
      ['/orders/{int}', '/orders/42', 42],
      ['/users/{int}/orders/{int}', '/users/3/orders/40', 43],
      ['/users/{int}/profile', '/users/7/profile', 7],
      ['/files/{uuid}', '/files/550e8400-e29b-41d4-a716-446655440000', Number.NaN],
      ['/days/{date}', '/days/2024-01-01', undefined],
      ['/orders', '/orders', undefined],
      ['/orders/{int}', '/orders/12345678901234567890', Number.NaN],
    ]
    for (const [template, path, order] of cases) expect([path, idOf(template, path)?.order]).toEqual([path, order])
    expect(cases).toHaveLength(7)
  })

  it('tells objects of one route apart, and knows the same one again', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        const same = idOf('/orders/{int}', `/orders/${one}`)?.hash === idOf('/orders/{int}', `/orders/${other}`)?.hash
        expect(same).toBe(one === other)
      }),
    )
  })

  it('takes any template, path, field and header without a fault', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('/', '{int}', '{', '/{uuid}', '{date}', '7', '//'),
    )
    const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))
    const location = fc.constantFrom<FieldLocation>('query', 'form', 'json', 'header', 'path', 'xml')
    const field = fc.record({
      location,
      name: fc.oneof(text, fc.constantFrom('id', '/password', 'email')),
      value: text,
    })
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(field, { maxLength: 5 }),
        fc.array(text, { maxLength: 5 }),
        (template, path, fields, rawHeaders) => {
          const request = sketchRequest({
            client: clientNamed('c'),
            template,
            path,
            fields,
            rawHeaders: ['Authorization', ...rawHeaders],
          })
          expect(typeof readObjectId(request, createObjectId())).toBe('boolean')
          expect(readSignIn(request)).toBeGreaterThanOrEqual(-1)
        },
      ),
      { numRuns: 500 },
    )
  })
})
