import { type Operator, wholeText } from '../../operators/operator.ts'
import { compilePcre } from '../../patterns/compile-pcre.ts'
import { requireFixed } from './argument.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

/** Matches looked at in one text; more numbers than that in a value are no accident, and the first would have told. */
const maxMatches = 256

/** What the pattern of the rule finds is taken for a number of some kind when its check digits agree. */
function createVerifier(name: string, means: string, isNumber: (digits: string) => boolean): SecOperatorCompiler {
  return {
    name,
    means: `The pattern finds ${means}`,
    compile: (argument): Operator => {
      const pattern = compilePcre(requireFixed(name, argument))
      const find = (text: string): string | null => {
        let rest = text
        for (let round = 0; round < maxMatches && rest !== ''; round += 1) {
          const match = pattern.capture(rest)[0]
          if (match === undefined || match === '') return null
          if (isNumber(match.replace(/\D/g, ''))) return match
          rest = rest.slice(rest.indexOf(match) + 1)
        }
        return null
      }
      return {
        name,
        test: (subject) => pattern.test(subject.text, subject.work) && find(subject.text) !== null,
        locate: wholeText,
        capture: (subject) => [find(subject.text) ?? ''],
        literals: pattern.literals,
        isCheap: false,
      }
    },
  }
}

const digitAt = (digits: string, index: number): number => digits.charCodeAt(index) - 48

/** The digits from the first on, each by its weight. */
function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * digitAt(digits, index), 0)
}

/** One digit over and over, or the digits in order: what people type when they are asked for a number. */
function isObvious(digits: string): boolean {
  return /^(\d)\1*$/.test(digits) || '01234567890'.includes(digits)
}

export const verifyCc = createVerifier(
  'verifyCC',
  'a card number (its Luhn sum, ISO/IEC 7812-1, is right).',
  (digits) => {
    let sum = 0
    for (let index = 0; index < digits.length; index += 1) {
      const digit = digitAt(digits, digits.length - 1 - index)
      sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
    }
    return digits !== '' && sum % 10 === 0
  },
)

/** Eleven digits: the last two check those before them. */
export const verifyCpf = createVerifier(
  'verifyCPF',
  'a Brazilian CPF number (its check digits are right).',
  (digits) => {
    if (digits.length !== 11 || isObvious(digits)) return false
    const check = (count: number): number => {
      const weights = Array.from({ length: count }, (_, index) => count + 1 - index)
      const rest = weighted(digits, weights) % 11
      return rest < 2 ? 0 : 11 - rest
    }
    return check(9) === digitAt(digits, 9) && check(10) === digitAt(digits, 10)
  },
)

/** Nine digits: area (not 000, 666 or from 740 on), group (not 00), serial (not 0000). */
export const verifySsn = createVerifier(
  'verifySSN',
  'a US social security number (its parts are in use).',
  (digits) => {
    if (digits.length !== 9) return false
    const area = Number(digits.slice(0, 3))
    const isRun = [...digits].every(
      (_, index) => index === 0 || digitAt(digits, index) === digitAt(digits, index - 1) + 1,
    )
    const isRepeat = /^(\d)\1*$/.test(digits)
    if (area === 0 || area === 666 || area >= 740 || isRun || isRepeat) return false
    return digits.slice(3, 5) !== '00' && digits.slice(5) !== '0000'
  },
)

/** Ten digits: a serial of three, its check digit, the date of birth. */
export const verifySvnr = createVerifier(
  'verifySVNR',
  'an Austrian insurance number (its check digit is right).',
  (digits) => {
    if (digits.length !== 10 || isObvious(digits)) return false
    // A remainder of ten is written as 0.
    return (weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11) % 10 === digitAt(digits, 3)
  },
)
