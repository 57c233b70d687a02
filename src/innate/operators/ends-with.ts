import { type OperatorCompiler, usableLiterals } from './operator.ts'
import { parseTexts } from './texts.ts'

export const endsWith: OperatorCompiler = {
  name: 'endsWith',
  means: 'The text ends with one of the phrases; case is ignored.',
  example: 'endsWith: [.bak, .old]',
  compile: (spec) => {
    const phrases = parseTexts(spec)
    const find = (text: string): string | undefined => phrases.find((phrase) => text.endsWith(phrase))
    return {
      name: 'endsWith',
      test: (subject) => find(subject.lower) !== undefined,
      locate: ({ lower }) => ({ start: lower.length - (find(lower)?.length ?? 0), end: lower.length }),
      literals: usableLiterals(phrases),
      isCheap: false,
    }
  },
}
