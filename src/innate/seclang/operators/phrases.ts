import { createHash } from 'node:crypto'
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

type PhraseSet = {
  readonly phrases: readonly string[]
  readonly automaton: ReturnType<typeof createPhraseAutomaton>
  readonly literals: Operator['literals']
}

/** Sets in use by the digest of their text: several rules ask about one file. */
const sets = new Map<string, WeakRef<PhraseSet>>()

function phraseSetOf(given: readonly string[]): PhraseSet {
  const key = createHash('sha256').update(given.join('\n'), 'latin1').digest('base64')
  const known = sets.get(key)?.deref()
  if (known !== undefined) return known
  const phrases = given.map(lowerAscii)
  const automaton = createPhraseAutomaton(phrases)
  const made = { phrases, automaton, literals: usableLiterals([...new Set(phrases)]) }
  for (const [other, set] of sets) if (set.deref() === undefined) sets.delete(other)
  sets.set(key, new WeakRef(made))
  return made
}

function compilePhrases(name: string, given: readonly string[]): Operator {
  if (given.length === 0) throw new Error(`@${name} has no phrases`)
  const { phrases, automaton, literals } = phraseSetOf(given)
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
    literals,
    isCheap: false,
  }
}
