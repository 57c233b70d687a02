import { describe, expect, it } from '@jest/globals'
import { createLearningPace } from '../../src/adaptive/learning-pace.ts'
import { createReader } from '../support/canonical.ts'

const { read } = createReader()
const learnedOf = (times: readonly number[], hasImmatureField = false): number[] => {
  const isWorthLearning = createLearningPace(() => hasImmatureField)
  return times.filter((atMs) => isWorthLearning(read({ atMs })))
}

describe('the pace of learning on mature routes', () => {
  it('takes every request of a quiet service', () => {
    expect(learnedOf([0, 1_000, 2_000, 3_000])).toEqual([0, 1_000, 2_000, 3_000])
  })

  it('takes few of a busy one', () => {
    expect(learnedOf(Array.from({ length: 1_000 }, (_, index) => index)).length).toBe(20)
  })

  it('takes more while requests bring fields that are still learned', () => {
    expect(
      learnedOf(
        Array.from({ length: 1_000 }, (_, index) => index),
        true,
      ).length,
    ).toBe(20 + 100)
  })

  it('goes on after the clock was set back', () => {
    expect(learnedOf([100_000, 5, 60])).toEqual([100_000, 5, 60])
  })
})
