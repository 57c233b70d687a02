import { RE2JS } from 're2js'
import { createTextMatcher } from '../../../src/innate/patterns/text-pattern.ts'
import type { Benchmark } from '../benchmark.ts'

const pattern =
  '(?:^|[\\d\'"`)(\\s])(?:x?or|and|having|where)[\\s(+\'"]+-?\\d+[\\s)\'"]*(?:<=>|<>|!=|=|\\blike\\b)[\\s(\'"+-]*\\d+'
const text = 'The committee met and voted on 3 of 5 points; for more see chapter 7 or ask as you like, a = b. '.repeat(
  6,
)
const library = RE2JS.compile(pattern)
const matches = createTextMatcher(pattern)
if (matches === null) throw new Error('the pattern is not understood')
let sum = 0

export const benchmark: Benchmark = {
  name: 'innate/pattern: 500 characters of prose',
  opsPerRun: 100,
  baseline: {
    name: 'RE2JS',
    run: () => {
      for (let run = 0; run < 100; run += 1) if (library.test(text)) sum += 1
    },
  },
  candidate: {
    name: 'lazy automaton',
    run: () => {
      for (let run = 0; run < 100; run += 1) if (matches(text)) sum += 1
      if (sum > 0) throw new Error('the text matches')
    },
  },
}
