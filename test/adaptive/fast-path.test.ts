import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createScene } from './fixture.ts'

const value = fc.string({ unit: fc.constantFrom('a', '7', ' ', "'", '<', '=', ';', 'é', '.'), maxLength: 8 })
const step = fc.record({ isVetted: fc.boolean(), first: value, second: value })
const targetOf = (first: string, second: string): string =>
  `/search?q=${encodeURIComponent(first)}&sort=${encodeURIComponent(second)}`

describe('the fast path of comparison with self', () => {
  it('accepts nothing that the slow path would not, whatever was learned and kept before', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const scene = createScene()
        let kept = 0
        for (const { isVetted, first, second } of steps) {
          const sketch = { target: targetOf(first, second) }
          if (isVetted) scene.vet(sketch)
          for (const request of [scene.read(sketch), scene.read(sketch)]) {
            const anew = { ...request, fields: request.fields.map((field) => ({ ...field, memo: 0 })) }
            expect(scene.inspect(request)).toEqual(scene.inspect(anew))
            kept += request.fields.filter(({ memo }) => memo > 0).length
          }
        }
        if (steps.filter(({ isVetted }) => isVetted).length > 2) expect(kept).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })
})
