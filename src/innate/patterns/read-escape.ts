import { controlCodes, verticalTab } from './character-sets.ts'
import { type PatternCursor, refuse, take } from './pattern-cursor.ts'

/** Reads what follows a backslash and stands for one character, in and outside classes; its code. */
export function readCharacterEscape(cursor: PatternCursor, offset: number): number {
  const letter = cursor.source[cursor.at] ?? ''
  if (letter === '') refuse('backslash at the end', offset)
  cursor.at += 1
  const control = controlCodes.get(letter)
  if (control !== undefined) return control
  if (letter === 'v' && cursor.dialect === 're2') return verticalTab
  if (letter === 'x') return readHex(cursor, offset)
  if (letter === 'o') return readBracedOctal(cursor, offset)
  if (letter === 'c') return readControl(cursor, offset)
  if (/[0-7]/.test(letter)) {
    cursor.at -= 1
    return checked(cursor, Number.parseInt(take(cursor, /[0-7]{1,3}/y)?.[0] ?? '0', 8), offset)
  }
  if (letter === 'p' || letter === 'P') refuse(`Unicode property \\${letter} is not supported`, offset)
  if (/[A-Za-z0-9]/.test(letter)) refuse(`escape \\${letter} is unknown or not supported`, offset)
  const code = cursor.source.codePointAt(cursor.at - 1) ?? 0
  if (code > 0xffff) cursor.at += 1
  return code
}

/** `\x41`, `\x{41}`; without a digit it is a zero byte. */
function readHex(cursor: PatternCursor, offset: number): number {
  const braced = take(cursor, /\{\s*([0-9a-fA-F]+)\s*\}/y)
  if (braced !== null) return checked(cursor, Number.parseInt(braced[1] ?? '', 16), offset)
  if (cursor.source[cursor.at] === '{') refuse('\\x{ without hexadecimal digits and a closing brace', offset)
  return Number.parseInt(`0${take(cursor, /[0-9a-fA-F]{1,2}/y)?.[0] ?? ''}`, 16)
}

function readBracedOctal(cursor: PatternCursor, offset: number): number {
  const braced = take(cursor, /\{\s*([0-7]+)\s*\}/y)
  if (braced === null) refuse('\\o without octal digits in braces', offset)
  return checked(cursor, Number.parseInt(braced[1] ?? '', 8), offset)
}

function readControl(cursor: PatternCursor, offset: number): number {
  const code = cursor.source.charCodeAt(cursor.at)
  if (!(code >= 32 && code < 127)) refuse('\\c without a printable character', offset)
  cursor.at += 1
  return (code >= 97 && code <= 122 ? code - 32 : code) ^ 64
}

function checked({ lastCode }: PatternCursor, code: number, offset: number): number {
  if (code > lastCode) refuse(`character code above ${lastCode.toString(16)}`, offset)
  return code
}
