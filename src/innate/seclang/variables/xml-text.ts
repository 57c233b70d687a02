import { utf8OfCodePoint } from './byte-text.ts'

const predefined: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Whether an entity may be used; what it stands for is never put in. */
export type EntityTest = (name: string) => boolean

/**
 * Text with its references taken out; null when one is malformed or unknown. A declared entity stays as it is written:
 * `&name;`.
 */
export function resolveReferences(text: string, isDeclared: EntityTest): string | null {
  let at = text.indexOf('&')
  if (at === -1) return text
  let result = ''
  let start = 0
  while (at !== -1) {
    const end = text.indexOf(';', at)
    if (end === -1) return null
    const value = referent(text.slice(at + 1, end), isDeclared)
    if (value === null) return null
    result += text.slice(start, at) + value
    start = end + 1
    at = text.indexOf('&', start)
  }
  return result + text.slice(start)
}

function referent(name: string, isDeclared: EntityTest): string | null {
  if (name.startsWith('#')) return characterOf(name)
  const known = predefined.get(name)
  if (known !== undefined) return known
  return isXmlName(name) && isDeclared(name) ? `&${name};` : null
}

/** Digits beyond this cannot be a character, however many zeros stand before them in practice. */
const maxDigits = 32

function characterOf(name: string): string | null {
  if (name.length > maxDigits) return null
  const isHex = name.startsWith('#x')
  const digits = name.slice(isHex ? 2 : 1)
  if (!(isHex ? /^[0-9A-Fa-f]+$/ : /^[0-9]+$/).test(digits)) return null
  const point = Number.parseInt(digits, isHex ? 16 : 10)
  const isCharacter =
    point === 0x09 ||
    point === 0x0a ||
    point === 0x0d ||
    (point >= 0x20 && point <= 0xd7ff) ||
    (point >= 0xe000 && point <= 0xfffd) ||
    (point >= 0x10000 && point <= 0x10ffff)
  return isCharacter ? utf8OfCodePoint(point) : null
}

/** Control characters that XML forbids, in any form. */
export const hasForbiddenControl = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true
  }
  return false
}

/** Bytes beyond ASCII count as letters. */
const nameForm = /^[A-Za-z_:\x80-\xff][-A-Za-z0-9._:\x80-\xff]*$/

export const isXmlName = (text: string): boolean => nameForm.test(text)

/** Line ends become LF (XML 1.0, section 2.11). */
export const normalizeLineEnds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text)
