/** Longest piece of a token that may be shown. */
export const maxShown = 5

const defaultLength = 96
/** What encoded tokens are made of, and what keys and names are made of. All patterns here run in linear time. */
const run = /[\p{L}\p{N}_+/=.~%-]+/gu
const token = /[\p{L}\p{N}_-]+/gu
const email = /[^\s@"'<>(),;:=]{1,64}@[^\s@"'<>(),;:]{1,255}/g
const named =
  /((?:pass|pwd|secret|token|key|auth|cookie|session)\w{0,24}["']?\s{0,4}[:=]\s{0,4}["']?(?:basic |bearer )?)([^\s"'&;,]+)/giu
const digit = /\p{N}/gu
const letter = /\p{L}/gu
const upper = /\p{Lu}/u
const lower = /\p{Ll}/u
// Control characters, line separators and bidirectional marks forge log lines and terminals.
const forging = /[\p{Cc}\p{Cf}\u2028\u2029]/gu
const breaks = /[\s"'<>()&;,]/

/**
 * A piece of a request that people may read: what looks like a token, a number of somebody or an address of somebody is
 * masked letter by letter (`x`, `9`); what looks like words and syntax stays, so that an attack can be recognised.
 */
export function redact(text: string, maxLength = defaultLength): string {
  const limit = maxLength * 2
  // A run that the cut goes through cannot be judged, so it is masked.
  const head = text.length <= limit ? text : maskLastRun(text.slice(0, limit))
  const masked = head
    .replace(named, (_, name: string, value: string) => `${name}${mask(value)}`)
    .replace(email, mask)
    .replace(run, maskRun)
  return cut(visible(masked), maxLength, text.length > maxLength)
}

/** One line without control characters: what others said, made safe for logs and terminals. */
export function singleLine(text: string, maxLength = 512): string {
  return cut(visible(text.slice(0, maxLength * 2)), maxLength, text.length > maxLength)
}

function cut(text: string, maxLength: number, isCut: boolean): string {
  if (text.length > maxLength) return `${text.slice(0, maxLength)}…`
  return isCut ? `${text}…` : text
}

function visible(text: string): string {
  return text.replace(forging, (mark) => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

function maskLastRun(text: string): string {
  let from = text.length
  while (from > 0 && !breaks.test(text.charAt(from - 1))) from -= 1
  return text.slice(0, from) + mask(text.slice(from))
}

/** Base64 and the like have capitals, small letters and digits in one run; paths and code rarely do. */
function maskRun(text: string): string {
  const isEncoded = text.length >= 16 && text.search(digit) >= 0 && upper.test(text) && lower.test(text)
  return isEncoded ? mask(text) : text.replace(token, (part) => (isSecretShaped(part) ? mask(part) : part))
}

/** Five digits and more, letters and digits mixed from six characters on, or letters only and longer than any word. */
function isSecretShaped(text: string): boolean {
  if (text.length < 5) return false
  if (text.search(digit) < 0) return text.length > 24
  return text.search(letter) < 0 || text.length >= 6
}

function mask(text: string): string {
  return text.replace(digit, '9').replace(letter, (sign) => (upper.test(sign) ? 'X' : 'x'))
}
