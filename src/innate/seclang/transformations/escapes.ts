import { scratch, textOf } from '../byte-strings.ts'

export const backslash = 92

/** The control characters of C by the code of their letter. */
const controls: ReadonlyMap<number, number> = new Map([
  [97, 7],
  [98, 8],
  [102, 12],
  [110, 10],
  [114, 13],
  [116, 9],
  [118, 11],
])

/** What a letter stands for after a backslash; any other byte stands for itself. */
export function controlOf(letter: number): number {
  return controls.get(letter) ?? letter
}

/** How many octal digits stand at a place, three at most. */
export function octalDigits(text: string, at: number): number {
  let digits = 0
  while (digits < 3) {
    const code = text.charCodeAt(at + digits)
    // Also ends at the end of the text, where the code is NaN.
    if (!(code >= 48 && code <= 55)) break
    digits += 1
  }
  return digits
}

export function octalValue(text: string, at: number, digits: number): number {
  let value = 0
  for (let index = 0; index < digits; index += 1) value = value * 8 + text.charCodeAt(at + index) - 48
  return value & 0xff
}

/** An escape as it was read: its byte (-1 for none, as of a line that goes on) and its width, 0 where there is no escape. */
export type Escape = { byte: number; width: number }

const found: Escape = { byte: -1, width: 0 }

/** Decodes whatever `read` makes of the places that hold a byte; all else stays. */
export function decodeEscapes(
  text: string,
  marker: number,
  read: (text: string, at: number, into: Escape) => void,
): string {
  const { length } = text
  const out = scratch(length)
  let size = 0
  let at = 0
  while (at < length) {
    const code = text.charCodeAt(at)
    found.width = 0
    if (code === marker) read(text, at, found)
    if (found.width === 0) {
      out[size++] = code
      at += 1
      continue
    }
    if (found.byte >= 0) out[size++] = found.byte
    at += found.width
  }
  return textOf(out, size, text)
}
