import { base64Decode, base64DecodeExt, base64Encode } from './base64.ts'
import { lowercase, none, uppercase } from './case.ts'
import { cmdLine } from './cmd-line.ts'
import { removeComments, removeCommentsChar, replaceComments } from './comments.ts'
import { cssDecode } from './css-decode.ts'
import { length, md5, sha1 } from './digests.ts'
import { escapeSeqDecode } from './escape-seq-decode.ts'
import { hexDecode, hexEncode } from './hex.ts'
import { htmlEntityDecode } from './html-entity-decode.ts'
import { jsDecode } from './js-decode.ts'
import { normalisePath, normalisePathWin, normalizePath, normalizePathWin } from './normalize-path.ts'
import { removeNulls, replaceNulls } from './nulls.ts'
import { parityEven7bit, parityOdd7bit, parityZero7bit } from './parity.ts'
import type { SecTransformation } from './sec-transformation.ts'
import { sqlHexDecode } from './sql-hex-decode.ts'
import { urlDecode, urlDecodeUni, urlEncode } from './url.ts'
import { utf8toUnicode } from './utf8-to-unicode.ts'
import { compressWhitespace, removeWhitespace, trim, trimLeft, trimRight } from './whitespace.ts'

const transformations: readonly SecTransformation[] = [
  base64Decode,
  base64DecodeExt,
  base64Encode,
  cmdLine,
  compressWhitespace,
  cssDecode,
  escapeSeqDecode,
  hexDecode,
  hexEncode,
  htmlEntityDecode,
  jsDecode,
  length,
  lowercase,
  md5,
  none,
  normalisePath,
  normalisePathWin,
  normalizePath,
  normalizePathWin,
  parityEven7bit,
  parityOdd7bit,
  parityZero7bit,
  removeComments,
  removeCommentsChar,
  removeNulls,
  removeWhitespace,
  replaceComments,
  replaceNulls,
  sha1,
  sqlHexDecode,
  trim,
  trimLeft,
  trimRight,
  uppercase,
  urlDecode,
  urlDecodeUni,
  urlEncode,
  utf8toUnicode,
]

/** Every transformation of SecLang by its name in lower case: `t:` minds no case. */
export const secTransformationTable: ReadonlyMap<string, SecTransformation> = new Map(
  transformations.map((transformation) => [transformation.name.toLowerCase(), transformation]),
)
