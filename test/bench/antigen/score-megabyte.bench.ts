import { loadScorerModel } from '../../../src/antigen/load-scorer.ts'
import { createFrozenScorer } from '../../../src/antigen/scorer.ts'
import type { Benchmark } from '../benchmark.ts'

const { score } = createFrozenScorer(loadScorerModel())
const sentence = 'The quick brown fox, as they say, "jumps" over the lazy dog; and so on. '
/** A megabyte in which no stretch is plain enough to be skipped. */
const value = Buffer.from(sentence.repeat(Math.ceil(1_048_576 / sentence.length))).toString()
let kept = 0

export const benchmark: Benchmark = {
  name: 'antigen/score: one value of a megabyte',
  opsPerRun: 1,
  baseline: {
    name: 'one pass over the characters',
    run: () => {
      let sum = 0
      for (let index = 0; index < value.length; index += 1) sum += value.charCodeAt(index)
      kept = sum
    },
  },
  candidate: {
    name: 'the frozen scorer',
    run: () => {
      kept = score(value)
    },
  },
}

/** Keeps the work from being left out. */
export const result = (): number => kept
