import { compileBounds } from './bounds.ts'
import { type OperatorCompiler, wholeText } from './operator.ts'

export const decodeDepth: OperatorCompiler = {
  name: 'decodeDepth',
  means: 'The number of decoding rounds that changed the value lies within the bounds (gt, gte, lt, lte).',
  example: 'decodeDepth: {gt: 2}',
  compile: (spec) => {
    const isWithin = compileBounds(spec)
    return {
      name: 'decodeDepth',
      test: (subject) => isWithin(subject.decodeDepth),
      locate: wholeText,
      literals: [],
      isCheap: true,
      isAboutEncoding: !isWithin(0),
    }
  },
}
