import { type OperatorCompiler, usableLiterals } from './operator.ts'
import { parseTexts } from './texts.ts'

export const contains: OperatorCompiler = {
  name: 'contains',
  means: 'The text contains one of the phrases; case is ignored.',
  example: 'contains: [/etc/passwd, /etc/shadow]',
  compile: (spec) => {
    const phrases = parseTexts(spec)
    const find = (text: string): string | undefined => phrases.find((phrase) => text.includes(phrase))
    return {
      name: 'contains',
      test: (subject) => find(subject.lower) !== undefined,
      locate: ({ lower }) => {
        const phrase = find(lower) ?? ''
        const start = Math.max(0, lower.indexOf(phrase))
        return { start, end: start + phrase.length }
      },
      literals: usableLiterals(phrases),
      isCheap: false,
    }
  },
}
