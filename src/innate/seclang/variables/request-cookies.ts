import { isSpace } from '../byte-strings.ts'
import type { Member } from './message-variables.ts'

/**
 * Cookies of one Cookie header: names lose white space before them, values lose none but at the very end of the
 * header. A cookie without `=` is a name with an empty value, one without a name is none.
 */
export function readCookies(header: string, into: Member[]): void {
  const end = header.length
  let start = 0
  while (start < end) {
    const next = header.indexOf(';', start)
    const isLast = next === -1 || next === end - 1
    const stop = next === -1 ? end : next
    readCookie(header.slice(start, isLast ? trimmedEnd(header, start, stop) : stop), into)
    start = stop + 1
  }
}

function readCookie(piece: string, into: Member[]): void {
  const equals = piece.indexOf('=')
  const nameEnd = equals === -1 ? piece.length : equals
  let nameStart = 0
  while (nameStart < nameEnd && isSpace(piece.charCodeAt(nameStart))) nameStart += 1
  if (nameStart === nameEnd) return
  into.push({ key: piece.slice(nameStart, nameEnd), value: equals === -1 ? '' : piece.slice(equals + 1) })
}

function trimmedEnd(text: string, start: number, end: number): number {
  let stop = end
  while (stop > start && isSpace(text.charCodeAt(stop - 1))) stop -= 1
  return stop
}
