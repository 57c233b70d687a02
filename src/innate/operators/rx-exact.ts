import { RE2JS } from 're2js'
import { createTextMatcher, textLiterals } from '../patterns/text-pattern.ts'
import { type OperatorCompiler, wholeText } from './operator.ts'
import { locate } from './rx.ts'

/** A regular expression in RE2 syntax (linear time) that minds case. */
export const rxExact: OperatorCompiler = {
  name: 'rxExact',
  means: 'A regular expression in RE2 syntax matches somewhere in the text; case counts.',
  example: "rxExact: '^rO0AB'",
  compile: (spec) => {
    if (typeof spec !== 'string' || spec === '') throw new Error(`expected a pattern, found ${JSON.stringify(spec)}`)
    const pattern = RE2JS.compile(spec)
    const matches = createTextMatcher(spec) ?? ((text: string) => pattern.test(text))
    return {
      name: 'rxExact',
      test: (subject) => matches(subject.text, subject.work),
      locate: (subject) => locate(pattern, subject.text) ?? wholeText(subject),
      literals: textLiterals(spec),
      isCheap: false,
    }
  },
}
