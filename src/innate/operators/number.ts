import { compileBounds } from './bounds.ts'
import { type OperatorCompiler, wholeText } from './operator.ts'

const numeral = /^[+-]?\d{1,15}(?:\.\d{1,15})?$/

export const number: OperatorCompiler = {
  name: 'number',
  means: 'The text is a decimal number within the bounds (gt, gte, lt, lte).',
  example: 'number: {gt: 1}',
  compile: (spec) => {
    const isWithin = compileBounds(spec)
    return {
      name: 'number',
      test: ({ text }) => numeral.test(text) && isWithin(Number(text)),
      locate: wholeText,
      literals: [],
      isCheap: true,
    }
  },
}
