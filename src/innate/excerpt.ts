import type { Span } from './operators/operator.ts'

const maxExcerpt = 24
const maxWord = 9
const maxDigits = 3

/** Names of fields whose values are secrets; nothing of them is ever shown. */
const secretName =
  /pass(?:word|wd|phrase)?|pwd|secret|token|auth|api[-_]?key|session|sid$|credential|cookie|jwt|otp|pin$|ssn|card|cvv|iban/i

/** What a finding may show of the matched text: at most 24 characters, long words and numbers masked. */
export function excerptOf(text: string, span: Span, fieldName: string): string {
  if (secretName.test(fieldName)) return '(not shown)'
  const matched = text.slice(span.start, Math.min(span.end, span.start + maxExcerpt))
  return JSON.stringify(maskWords(matched))
}

function maskWords(text: string): string {
  return text
    .replace(/[\p{L}\p{N}]{2,}/gu, (word) => (word.length > maxWord || digitsIn(word) > maxDigits ? mask(word) : word))
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}

const digitsIn = (word: string): number => word.replace(/\D/g, '').length

const mask = (word: string): string => word.slice(0, 3) + '*'.repeat(word.length - 3)
