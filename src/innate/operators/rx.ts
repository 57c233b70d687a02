import { RE2JS } from 're2js'
import { createTextMatcher, textLiterals } from '../patterns/text-pattern.ts'
import { type OperatorCompiler, type Span, wholeText } from './operator.ts'

/** A regular expression in RE2 syntax (linear time) on lower-cased text. */
export const rx: OperatorCompiler = {
  name: 'rx',
  means: 'A regular expression in RE2 syntax matches somewhere in the lower-cased text. Write it in lower case.',
  example: "rx: 'union\\s+select'",
  compile: (spec) => {
    if (typeof spec !== 'string' || spec === '') throw new Error(`expected a pattern, found ${JSON.stringify(spec)}`)
    const upper = upperCaseLetter(spec)
    if (upper !== null)
      throw new Error(`pattern has the upper-case letter ${upper}, but is matched against lower-cased text`)
    const pattern = RE2JS.compile(spec)
    const matches = createTextMatcher(spec) ?? ((text: string) => pattern.test(text))
    return {
      name: 'rx',
      test: (subject) => matches(subject.lower, subject.work),
      locate: (subject) => locate(pattern, subject.lower) ?? wholeText(subject),
      literals: textLiterals(spec),
      pattern: spec,
      isCheap: false,
    }
  },
}

export function locate(pattern: RE2JS, text: string): Span | null {
  const matcher = pattern.matcher(text)
  return matcher.find() ? { start: matcher.start(), end: matcher.end() } : null
}

/** The first upper-case letter that is not part of an escape; `null` when there is none. */
function upperCaseLetter(pattern: string): string | null {
  const bare = pattern.replace(/\\(?:[pP]\{[^}]*\}|[pP]\w|x\{[^}]*\}|x\w\w|.)/gs, '').replace(/\(\?P</g, '(?<')
  return /[A-Z]/.exec(bare)?.[0] ?? null
}
