import { compileBounds } from './bounds.ts'
import { type OperatorCompiler, wholeText } from './operator.ts'

export const length: OperatorCompiler = {
  name: 'length',
  means: 'The number of UTF-16 units of the text lies within the bounds (gt, gte, lt, lte).',
  example: 'length: {gt: 4096}',
  compile: (spec) => {
    const isWithin = compileBounds(spec)
    return {
      name: 'length',
      test: (subject) => isWithin(subject.text.length),
      locate: wholeText,
      literals: [],
      isCheap: true,
    }
  },
}
