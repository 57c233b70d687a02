import { type Operator, usableLiterals, wholeText } from '../../operators/operator.ts'
import { lowerAscii } from '../transformations/case.ts'
import { createArgument } from './argument.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

/** Whether a text and the argument go together; case counts. */
type TextTest = (text: string, argument: string) => boolean

type TextOperator = {
  readonly name: string
  readonly means: string
  readonly test: TextTest
  /** A match holds the argument; false for `within`, where it is the other way round. */
  readonly holdsArgument: boolean
}

function createTextOperator({ name, means, test, holdsArgument }: TextOperator): SecOperatorCompiler {
  return {
    name,
    means,
    compile: (given): Operator => {
      const argument = createArgument(given)
      const { fixed } = argument
      return {
        name,
        test:
          fixed === null
            ? (subject) => test(subject.text, argument.of(subject))
            : (subject) => test(subject.text, fixed),
        locate: (subject) => {
          const text = argument.of(subject)
          const start = holdsArgument ? subject.text.indexOf(text) : -1
          return start < 0 ? wholeText(subject) : { start, end: start + text.length }
        },
        literals: fixed !== null && holdsArgument ? usableLiterals([lowerAscii(fixed)]) : [],
        isCheap: name !== 'contains' && name !== 'containsWord' && name !== 'strmatch',
      }
    },
  }
}

export const contains = createTextOperator({
  name: 'contains',
  means: 'The text contains the argument.',
  test: (text, argument) => text.includes(argument),
  holdsArgument: true,
})

export const containsWord = createTextOperator({
  name: 'containsWord',
  means: 'The text contains the argument with no letter right before or after it.',
  test: containsAsWord,
  holdsArgument: true,
})

export const streq = createTextOperator({
  name: 'streq',
  means: 'The text is the argument.',
  test: (text, argument) => text === argument,
  holdsArgument: true,
})

export const strmatch = createTextOperator({
  name: 'strmatch',
  means: 'The text contains the argument.',
  test: (text, argument) => text.includes(argument),
  holdsArgument: true,
})

export const beginsWith = createTextOperator({
  name: 'beginsWith',
  means: 'The text begins with the argument.',
  test: (text, argument) => text.startsWith(argument),
  holdsArgument: true,
})

export const endsWith = createTextOperator({
  name: 'endsWith',
  means: 'The text ends with the argument.',
  test: (text, argument) => text.endsWith(argument),
  holdsArgument: true,
})

export const within = createTextOperator({
  name: 'within',
  means: 'The argument contains the text.',
  test: (text, argument) => argument.includes(text),
  holdsArgument: false,
})

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

function containsAsWord(text: string, word: string): boolean {
  if (word === '') return true
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text.charCodeAt(at - 1)) && !isLetter(text.charCodeAt(at + word.length))) return true
  }
  return false
}
