import { type Operator, wholeText } from '../../operators/operator.ts'
import { createAddressRanges } from './address-ranges.ts'
import { requireFixed } from './argument.ts'
import { parsePhraseFile } from './phrase-list.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

export const ipMatch: SecOperatorCompiler = {
  name: 'ipMatch',
  means: 'The text is one of the addresses or in one of the networks, IPv4 or IPv6, separated by commas.',
  compile: (argument) => compileAddresses('ipMatch', requireFixed('ipMatch', argument).split(',')),
}

function createFromFile(name: string): SecOperatorCompiler {
  return {
    name,
    means: 'The text is one of the addresses or in one of the networks of the file, one a line.',
    compile: (argument, { readData }) =>
      compileAddresses(
        name,
        parsePhraseFile(readData(requireFixed(name, argument).trim())).flatMap((line) => line.split(',')),
      ),
  }
}

export const ipMatchFromFile = createFromFile('ipMatchFromFile')
export const ipMatchF = createFromFile('ipMatchF')

function compileAddresses(name: string, given: readonly string[]): Operator {
  const ranges = createAddressRanges(given.map((network) => network.trim()).filter((network) => network !== ''))
  return {
    name,
    test: (subject) => ranges.has(subject.text),
    locate: wholeText,
    literals: [],
    isCheap: true,
  }
}
