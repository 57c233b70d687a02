import { wholeText } from '../../operators/operator.ts'
import { createArgument } from './argument.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

const leadingInteger = /^[\t-\r ]*([+-]?\d+)/
const limit = 2 ** 63

/** The whole number at the start of a text, 0 when there is none; beyond 64 bits the largest or smallest there is. */
export function leadingNumber(text: string): number {
  const short = text.length <= 9 ? digits(text) : -1
  if (short !== -1) return short
  const match = leadingInteger.exec(text)
  return match === null ? 0 : Math.max(-limit, Math.min(limit, Number(match[1])))
}

/** The number that up to nine digits are, -1 for any other text: what counters and settings nearly always hold. */
function digits(text: string): number {
  let value = 0
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** For `eq` numbers beyond 32 bits count as 0, as in the reference. */
function shortNumber(text: string): number {
  const value = leadingNumber(text)
  return value === (value | 0) ? value : 0
}

type Compare = (value: number, argument: number) => boolean

function createComparison(name: string, sign: string, compare: Compare): SecOperatorCompiler {
  const read = name === 'eq' ? shortNumber : leadingNumber
  return {
    name,
    means: `The whole number at the start of the text (0 without one) is ${sign} the argument.`,
    compile: (given) => {
      const argument = createArgument(given)
      const fixed = argument.fixed === null ? null : read(argument.fixed)
      return {
        name,
        test: (subject) => compare(read(subject.text), fixed ?? read(argument.of(subject))),
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
