import { type OperatorCompiler, usableLiterals } from './operator.ts'
import { parseTexts } from './texts.ts'

export const startsWith: OperatorCompiler = {
  name: 'startsWith',
  means: 'The text starts with one of the phrases; case is ignored.',
  example: 'startsWith: [php://, phar://]',
  compile: (spec) => {
    const phrases = parseTexts(spec)
    const find = (text: string): string | undefined => phrases.find((phrase) => text.startsWith(phrase))
    return {
      name: 'startsWith',
      test: (subject) => find(subject.lower) !== undefined,
      locate: ({ lower }) => ({ start: 0, end: find(lower)?.length ?? 0 }),
      literals: usableLiterals(phrases),
      isCheap: false,
    }
  },
}
