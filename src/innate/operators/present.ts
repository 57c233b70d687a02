import { type OperatorCompiler, wholeText } from './operator.ts'

export const present: OperatorCompiler = {
  name: 'present',
  means: 'There is a value at all (`present: true`), whatever it is.',
  example: 'present: true',
  compile: (spec) => {
    if (spec !== true) throw new Error(`expected true, found ${JSON.stringify(spec)}`)
    return { name: 'present', test: () => true, locate: wholeText, literals: [], isCheap: true }
  },
}
