import { ipMatch, ipMatchF, ipMatchFromFile } from './addresses.ts'
import { noMatch, unconditionalMatch } from './constants.ts'
import { validateByteRange, validateUrlEncoding, validateUtf8Encoding } from './encodings.ts'
import { verifyCc, verifyCpf, verifySsn, verifySvnr } from './identifiers.ts'
import { detectSqli, detectXssOperator } from './injections.ts'
import { eq, ge, gt, le, lt } from './numbers.ts'
import { pm, pmFromFile, pmf } from './phrases.ts'
import { rx, rxGlobal } from './rx.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'
import { beginsWith, contains, containsWord, endsWith, streq, strmatch, within } from './texts.ts'
import { unsupportedOperators } from './unsupported.ts'

const operators: readonly SecOperatorCompiler[] = [
  rx,
  rxGlobal,
  pm,
  pmf,
  pmFromFile,
  within,
  contains,
  containsWord,
  streq,
  strmatch,
  beginsWith,
  endsWith,
  eq,
  ge,
  gt,
  le,
  lt,
  ipMatch,
  ipMatchF,
  ipMatchFromFile,
  detectSqli,
  detectXssOperator,
  validateByteRange,
  validateUrlEncoding,
  validateUtf8Encoding,
  verifyCc,
  verifyCpf,
  verifySsn,
  verifySvnr,
  noMatch,
  unconditionalMatch,
  ...unsupportedOperators,
]

/** Every operator of SecLang by its name in lower case. */
export const secOperatorTable: ReadonlyMap<string, SecOperatorCompiler> = new Map(
  operators.map((operator) => [operator.name.toLowerCase(), operator]),
)
