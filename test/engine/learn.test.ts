import { describe, expect, it } from '@jest/globals'
import type { Finding } from '../../src/core/finding.ts'
import { accusationsOf, doubtsOf } from '../../src/engine/learn.ts'

const finding = (over: Partial<Finding>): Finding => ({
  layer: 'innate',
  source: 'sqli-100',
  field: null,
  score: 0.6,
  reason: 'Because.',
  ...over,
})

describe('what counts against a client', () => {
  it.each([
    ['a rule that is more than a hint', finding({}), true],
    ['a hint', finding({ score: 0.49 }), false],
    ['a shadow finding', finding({ shadow: true }), false],
    ['what an answer showed', finding({ isAboutAnswer: true }), false],
    ['a learned finding', finding({ layer: 'adaptive' }), true],
    ['a certain score of the inherited repertoire', finding({ source: 'frozen-scorer', score: 0.8 }), true],
    ['a doubtful score of the inherited repertoire', finding({ source: 'frozen-scorer', score: 0.79 }), false],
  ])('%s', (_, one, counts) => {
    expect(accusationsOf(doubtsOf([one])).length > 0).toBe(counts)
  })

  it('a doubtful score speaks neither against a client nor for it', () => {
    const doubtful = [finding({ source: 'frozen-scorer', score: 0.6 })]
    expect(doubtsOf(doubtful)).toEqual(doubtful)
    expect(accusationsOf(doubtful)).toEqual([])
  })
})
