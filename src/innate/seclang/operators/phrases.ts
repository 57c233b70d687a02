import { type Operator, usableLiterals } from '../../operators/operator.ts'
import { lowerAscii } from '../transformations/case.ts'
import { requireFixed } from './argument.ts'
import { createPhraseAutomaton } from './phrase-automaton.ts'
import { parsePhraseFile, parsePhrases } from './phrase-list.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

export const pm: SecOperatorCompiler = {
  name: 'pm',
  means: 'One of the phrases, separated by spaces, occurs in the text; ASCII case does not count.',
  compile: (argument) => compilePhrases('pm', parsePhrases(requireFixed('pm', argument))),
}

function createFromFile(name: string): SecOperatorCompiler {
  return {
    name,
    means: 'One of the phrases of the files, one a line, occurs in the text; ASCII case does not count.',
    compile: (argument, { readData }) => {
      const files = requireFixed(name, argument)
        .split(/[\t-\r ]+/)
        .filter((file) => file !== '')
      if (files.length === 0) throw new Error(`@${name} needs the name of a file`)
      return compilePhrases(
        name,
        files.flatMap((file) => parsePhraseFile(readData(file))),
      )
    },
  }
}

export const pmFromFile = createFromFile('pmFromFile')
export const pmf = createFromFile('pmf')

function compilePhrases(name: string, given: readonly string[]): Operator {
  const phrases = given.map(lowerAscii)
  if (phrases.length === 0) throw new Error(`@${name} has no phrases`)
  const automaton = createPhraseAutomaton(phrases)
  return {
    name,
    test: (subject) => automaton.find(subject.text) >= 0,
    locate: (subject) => {
      const end = Math.max(0, automaton.endOf(subject.text))
      const phrase = phrases[automaton.find(subject.text)] ?? ''
      return { start: end - phrase.length, end }
    },
    capture: (subject) => {
      const phrase = given[automaton.find(subject.text)]
      return phrase === undefined ? [] : [phrase]
    },
    literals: usableLiterals([...new Set(phrases)]),
    isCheap: false,
  }
}
