import { wholeText } from '../../operators/operator.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

function createConstant(name: string, means: string, answer: boolean): SecOperatorCompiler {
  return {
    name,
    means,
    compile: () => ({ name, test: () => answer, locate: wholeText, literals: [], isCheap: true }),
  }
}

export const noMatch = createConstant('noMatch', 'Never matches.', false)
export const unconditionalMatch = createConstant('unconditionalMatch', 'Always matches.', true)
