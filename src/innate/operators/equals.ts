import { type OperatorCompiler, usableLiterals, wholeText } from './operator.ts'
import { parseTexts } from './texts.ts'

export const equals: OperatorCompiler = {
  name: 'equals',
  means: 'The whole text is one of the given ones; case is ignored.',
  example: 'equals: [trace, track]',
  compile: (spec) => {
    const texts = new Set(parseTexts(spec))
    return {
      name: 'equals',
      test: (subject) => texts.has(subject.lower),
      locate: wholeText,
      literals: usableLiterals([...texts]),
      isCheap: false,
    }
  },
}
