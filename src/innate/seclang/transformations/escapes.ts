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
