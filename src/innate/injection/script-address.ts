/** Addresses that run script, however browsers still read them: entities, blanks, control characters in between. */

/** Beginnings are enough: what follows may be written in a hundred ways. */
const schemes = ['data', 'view-source', 'java', 'vbscript']
const longestScheme = 11

/** True when the value starts with such a scheme. Reads no further than it has to. */
export function isScriptAddress(text: string, from: number, end: number): boolean {
  let start = from
  while (start < end && (text.charCodeAt(start) <= 32 || text.charCodeAt(start) >= 127)) start += 1
  const head = decodeHead(text, start, end)
  return schemes.some((scheme) => head.startsWith(scheme))
}

/** The first letters of an address, entities decoded; NUL and line feeds are skipped, blanks too before the first letter. */
function decodeHead(text: string, from: number, end: number): string {
  let head = ''
  let at = from
  while (at < end && head.length < longestScheme) {
    const entityEnd = text.charCodeAt(at) === 38 ? numericEntityEnd(text, at, end) : at
    const code = entityEnd > at ? entityCode(text, at, entityEnd) : text.charCodeAt(at)
    at = entityEnd > at ? entityEnd + (text.charCodeAt(entityEnd) === 59 ? 1 : 0) : at + 1
    if (code === 0 || code === 10 || (head === '' && code <= 32)) continue
    head += String.fromCharCode(code & 0xff)
  }
  return head.toLowerCase()
}

const isHexDigit = (code: number): boolean => (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102)
const isHexEntity = (text: string, at: number): boolean => (text.charCodeAt(at + 2) | 32) === 120

/** Where the digits of `&#106` or `&#x6a` end; `at` when it is no entity. */
function numericEntityEnd(text: string, at: number, end: number): number {
  if (text.charCodeAt(at + 1) !== 35) return at
  const isHex = isHexEntity(text, at)
  const digits = isHex ? at + 3 : at + 2
  let next = digits
  while (
    next < end &&
    (isHex ? isHexDigit(text.charCodeAt(next)) : text.charCodeAt(next) >= 48 && text.charCodeAt(next) <= 57)
  ) {
    next += 1
  }
  return next > digits ? next : at
}

function entityCode(text: string, at: number, entityEnd: number): number {
  const isHex = isHexEntity(text, at)
  let code = 0
  for (let next = isHex ? at + 3 : at + 2; next < entityEnd && code <= 0x1000ff; next += 1) {
    const digit = text.charCodeAt(next)
    code = code * (isHex ? 16 : 10) + (digit <= 57 ? digit - 48 : (digit | 32) - 87)
  }
  return code
}
