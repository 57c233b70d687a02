import { wholeText } from '../../operators/operator.ts'
import { createArgument } from './argument.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

const leadingInteger = /^[\t-\r ]*([+-]?\d{1,20})/

/** The whole number at the start of a text, 0 when there is none. */
export function leadingNumber(text: string): number {
  // Most values are a few digits; the pattern looks at no more than the start.
  const match = leadingInteger.exec(text)
  return match === null ? 0 : Number(match[1])
}

type Compare = (value: number, argument: number) => boolean

function createComparison(name: string, sign: string, compare: Compare): SecOperatorCompiler {
  return {
    name,
    means: `The whole number at the start of the text (0 without one) is ${sign} the argument.`,
    compile: (given) => {
      const argument = createArgument(given)
      const fixed = argument.fixed === null ? null : leadingNumber(argument.fixed)
      return {
        name,
        test: (subject) => compare(leadingNumber(subject.text), fixed ?? leadingNumber(argument.of(subject))),
        locate: wholeText,
        literals: [],
        isCheap: true,
      }
    },
  }
}

export const eq = createComparison('eq', '=', (value, argument) => value === argument)
export const ge = createComparison('ge', '>=', (value, argument) => value >= argument)
export const gt = createComparison('gt', '>', (value, argument) => value > argument)
export const le = createComparison('le', '<=', (value, argument) => value <= argument)
export const lt = createComparison('lt', '<', (value, argument) => value < argument)
