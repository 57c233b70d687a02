import type { Work } from '../operators/operator.ts'
import type { deadMatch, LazyAutomaton } from './lazy-automaton.ts'

/** Entries up to here end a run; a constant of this file, as imported ones are read anew for every character. */
const found: typeof deadMatch = 3

/** Whether a search automaton without looks finds a match in a byte string. */
export function searchBytes(automaton: LazyAutomaton, text: string, work: Work | undefined): boolean {
  const { ofByte, count } = automaton.classes
  const { length } = text
  let state = automaton.start()
  let table = automaton.table()
  for (let index = 0; index < length; index += 1) {
    const symbol = ofByte[text.charCodeAt(index) & 0xff] as number
    let entry = table[state + symbol] as number
    if (entry === 0) {
      entry = automaton.build(state, symbol, work)
      table = automaton.table()
    }
    if (entry <= found) return entry === found
    state = entry
  }
  const last = table[state + count] as number
  return (last === 0 ? automaton.build(state, count, work) : last) === found
}

/** From this length on a text is read as an array, which is faster by half once several patterns share it. */
const minShared = 2_048
let sharedText = ''
let sharedCodes: Uint16Array = new Uint16Array(0)

/** The code units of a long text, kept until the next one. */
function codesOf(text: string): Uint16Array {
  if (text !== sharedText) {
    const bytes = Buffer.from(text, 'utf16le')
    sharedCodes = new Uint16Array(bytes.buffer, bytes.byteOffset, text.length)
    sharedText = text
  }
  return sharedCodes
}

/** The same for code points. */
export function searchText(automaton: LazyAutomaton, text: string, work: Work | undefined): boolean {
  const { ofByte, of, count } = automaton.classes
  const { length } = text
  if (length >= minShared) return searchCodes(automaton, codesOf(text), work)
  let state = automaton.start()
  let table = automaton.table()
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index)
    let symbol = 0
    if (code < 256) symbol = ofByte[code] as number
    else {
      const point = text.codePointAt(index) as number
      if (point > 0xffff) index += 1
      symbol = of(point)
    }
    let entry = table[state + symbol] as number
    if (entry === 0) {
      entry = automaton.build(state, symbol, work)
      table = automaton.table()
    }
    if (entry <= found) return entry === found
    state = entry
  }
  const last = table[state + count] as number
  return (last === 0 ? automaton.build(state, count, work) : last) === found
}

function searchCodes(automaton: LazyAutomaton, codes: Uint16Array, work: Work | undefined): boolean {
  const { ofByte, of, count } = automaton.classes
  const { length } = codes
  let state = automaton.start()
  let table = automaton.table()
  for (let index = 0; index < length; index += 1) {
    const code = codes[index] as number
    let symbol = 0
    if (code < 256) symbol = ofByte[code] as number
    else {
      const next = (code & 0xfc00) === 0xd800 ? (codes[index + 1] ?? 0) : 0
      const isPair = (next & 0xfc00) === 0xdc00
      symbol = of(isPair ? ((code & 0x3ff) << 10) + (next & 0x3ff) + 0x10000 : code)
      if (isPair) index += 1
    }
    let entry = table[state + symbol] as number
    if (entry === 0) {
      entry = automaton.build(state, symbol, work)
      table = automaton.table()
    }
    if (entry <= found) return entry === found
    state = entry
  }
  const last = table[state + count] as number
  return (last === 0 ? automaton.build(state, count, work) : last) === found
}

/** Which looks hold before each character, and at the end: a bit each. */
export type Places = Uint32Array

/** What to do with the ends of matches. */
export type Marking = {
  readonly isBackward: boolean
  /** Bits to set in `places` wherever a match ends (or, read backward, begins). */
  readonly bits: number
}

/**
 * Reads a whole byte string, in either direction, and marks every place where a match ends. Returns the last one met
 * (read backward, the leftmost beginning); -1 when there is none.
 */
export function markPlaces(
  automaton: LazyAutomaton,
  text: string,
  places: Places,
  { isBackward, bits, work }: Marking & { readonly work: Work | undefined },
): number {
  const { ofByte, count } = automaton.classes
  const { length } = text
  const place = { character: 0, looks: 0 }
  let state = automaton.start()
  let last = -1
  for (let read = 0; read <= length; read += 1) {
    const at = isBackward ? length - read : read
    if (read === length) place.character = count
    else place.character = ofByte[text.charCodeAt(isBackward ? at - 1 : at) & 0xff] as number
    place.looks = places[at] as number
    const entry = automaton.advance(state, place, work)
    if ((entry & 1) === 1) {
      last = at
      places[at] = (places[at] as number) | bits
    }
    if (entry <= found) return last
    state = entry >> 1
  }
  return last
}

/** Whether a search automaton finds a match where the looks of a byte string are known. */
export function searchPlaces(automaton: LazyAutomaton, text: string, places: Places, work: Work | undefined): boolean {
  const { ofByte, count } = automaton.classes
  const { length } = text
  const place = { character: 0, looks: 0 }
  let state = automaton.start()
  for (let at = 0; at <= length; at += 1) {
    place.character = at === length ? count : (ofByte[text.charCodeAt(at) & 0xff] as number)
    place.looks = places[at] as number
    const entry = automaton.advance(state, place, work)
    if (entry <= found) return entry === found
    state = entry
  }
  return false
}
