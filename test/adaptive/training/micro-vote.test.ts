import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { featureCount } from '../../../src/adaptive/self-model/feature-schema.ts'
import { infect, vaccines } from '../../../src/adaptive/self-model/vaccination.ts'
import { voteRows } from '../../../src/adaptive/training/micro-vote.ts'
import { ordinaryRows, rowOf } from '../self-model/fixture.ts'

describe('the vote of time slices', () => {
  it('keeps nearly all of ordinary traffic', () => {
    const { kept, votedOut } = voteRows(ordinaryRows(1_000), featureCount)
    expect(votedOut).toBeLessThan(20)
    expect(kept).toHaveLength((1_000 - votedOut) * featureCount)
  })

  it('drops a burst that only its own slice knows', () => {
    const rows = ordinaryRows(1_000)
    const [vaccine] = vaccines
    if (vaccine === undefined) throw new Error('there are no vaccines')
    for (let row = 500; row < 550; row += 1) infect(rowOf(rows, row), vaccine, rowOf(rows, row))
    expect(voteRows(rows, featureCount).votedOut).toBeGreaterThanOrEqual(45)
  })

  it('drops nothing when there is too little to vote', () => {
    const rows = ordinaryRows(40)
    expect(voteRows(rows, featureCount)).toEqual({ kept: rows, votedOut: 0 })
  })

  it('gives whole rows of what it was given, whatever that is', () => {
    const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { maxLength: 400 })
    fc.assert(
      fc.property(values, (list) => {
        const rows = Float32Array.from(list.slice(0, Math.floor(list.length / 4) * 4))
        const { kept, votedOut } = voteRows(rows, 4)
        expect(kept.length + votedOut * 4).toBe(rows.length)
      }),
    )
  })
})
