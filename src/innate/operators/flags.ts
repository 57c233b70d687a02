import { fieldFlags } from '../../request/field.ts'
import { type OperatorCompiler, wholeText } from './operator.ts'
import { parseTexts } from './texts.ts'

const known: ReadonlyMap<string, number> = new Map(
  Object.entries(fieldFlags).map(([name, bit]) => [name.toLowerCase(), bit]),
)

export const flags: OperatorCompiler = {
  name: 'flags',
  means: `Canonicalisation noticed one of these about the value: ${Object.keys(fieldFlags).join(', ')}.`,
  example: 'flags: [overlongUtf8]',
  compile: (spec) => {
    let mask = 0
    for (const name of parseTexts(spec)) {
      const bit = known.get(name)
      if (bit === undefined) throw new Error(`unknown flag ${name}; known are ${Object.keys(fieldFlags).join(', ')}`)
      mask |= bit
    }
    return {
      name: 'flags',
      test: (subject) => (subject.flags & mask) !== 0,
      locate: wholeText,
      literals: [],
      isCheap: true,
      isAboutEncoding: true,
    }
  },
}
