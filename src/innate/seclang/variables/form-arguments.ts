import type { DecodeNote } from './byte-text.ts'
import { decodeForm } from './byte-text.ts'
import type { Member } from './message-variables.ts'

/** `isCut`: there are more arguments than the limit allows. */
export type FormNote = DecodeNote & { isCut: boolean }

export type FormSpec = {
  /** One character. */
  readonly separator: string
  readonly maxArguments: number
}

/**
 * Arguments of a query string or a form, in wire order. Empty pieces between two separators are arguments too, with an
 * empty name; what follows the last separator is one only when it is not empty. Beyond the limit nothing is read, and
 * noted.
 */
export function readForm(text: string, spec: FormSpec, note: FormNote): Member[] {
  const members: Member[] = []
  const { separator, maxArguments } = spec
  let start = 0
  while (start < text.length && members.length < maxArguments) {
    const next = text.indexOf(separator, start)
    const end = next === -1 ? text.length : next
    members.push(readPair(text, { start, end }, note))
    start = end + 1
  }
  if (start < text.length) note.isCut = true
  return members
}

function readPair(text: string, range: { readonly start: number; readonly end: number }, note: DecodeNote): Member {
  const { start, end } = range
  let equals = start
  while (equals < end && text.charCodeAt(equals) !== 0x3d) equals += 1
  const key = decodeForm(text, { start, end: equals }, note)
  return { key, value: equals < end ? decodeForm(text, { start: equals + 1, end }, note) : '' }
}
