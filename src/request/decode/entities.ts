import type { Decoded } from './decoded.ts'

/** The named character references (HTML Living Standard, 13.5) that can hide markup or syntax from a reader. */
const named = new Map<string, string>([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['tab', '\t'],
  ['newline', '\n'],
  ['colon', ':'],
  ['semi', ';'],
  ['comma', ','],
  ['period', '.'],
  ['lpar', '('],
  ['rpar', ')'],
  ['lsqb', '['],
  ['lbrack', '['],
  ['rsqb', ']'],
  ['rbrack', ']'],
  ['lcub', '{'],
  ['lbrace', '{'],
  ['rcub', '}'],
  ['rbrace', '}'],
  ['sol', '/'],
  ['bsol', '\\'],
  ['equals', '='],
  ['plus', '+'],
  ['ast', '*'],
  ['excl', '!'],
  ['quest', '?'],
  ['num', '#'],
  ['dollar', '$'],
  ['percnt', '%'],
  ['commat', '@'],
  ['grave', '`'],
  ['vert', '|'],
  ['verbar', '|'],
  ['lowbar', '_'],
  ['hyphen', '-'],
  ['hat', '^'],
])
const longestName = 8

/** Undoes one layer of HTML character references. A bare `&` stays. */
export function decodeEntities(text: string): Decoded | null {
  let position = text.indexOf('&')
  let output = ''
  let copied = 0
  while (position !== -1) {
    const entity =
      text.charCodeAt(position + 1) === 0x23 ? readNumeric(text, position + 2) : readNamed(text, position + 1)
    if (entity !== null) {
      output += text.slice(copied, position) + entity.text
      copied = entity.end
    }
    position = text.indexOf('&', entity === null ? position + 1 : copied)
  }
  return copied === 0 ? null : { text: output + text.slice(copied), flags: 0 }
}

type Entity = { readonly text: string; readonly end: number }

function readNumeric(text: string, start: number): Entity | null {
  const isHex = (text.charCodeAt(start) | 0x20) === 0x78
  const radix = isHex ? 16 : 10
  let index = isHex ? start + 1 : start
  const firstDigit = index
  let code = 0
  for (; index < text.length; index += 1) {
    const digit = Number.parseInt(text.charAt(index), radix)
    if (Number.isNaN(digit)) break
    code = Math.min(code * radix + digit, 0x11_0000)
  }
  if (index === firstDigit || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return null
  return { text: String.fromCodePoint(code), end: text.charCodeAt(index) === 0x3b ? index + 1 : index }
}

function readNamed(text: string, start: number): Entity | null {
  const end = text.slice(start, start + longestName + 1).indexOf(';') + start
  if (end < start) return null
  const character = named.get(text.slice(start, end).toLowerCase())
  return character === undefined ? null : { text: character, end: end + 1 }
}
