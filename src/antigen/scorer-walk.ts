import { endSymbol, gapSymbol, isSpecial, longestRun, nextSpecial, startSymbol, symbolOf } from './scorer-fold.ts'

/**
 * Plain characters beside a special one that still count. Of a longer plain stretch only its two ends are read, so that
 * padding costs next to nothing and cannot dilute; a value without any special character is not read at all.
 *
 *   `a long harmless text, ... (64 and more plain characters) ... union select 1,2`
 *    ------- read --------  …            gap                   … ----- read -----
 */
export const reach = 32

/** Where the part ends that is read around a special character. */
export function readableEnd(text: string, special: number): number {
  const { length } = text
  let last = special
  for (let index = special + 1; index < length; index += 1) {
    if (isSpecial(text.charCodeAt(index))) last = index
    else if (index - last > 2 * reach) return last + 1 + reach
  }
  return Math.min(length, last + 1 + reach)
}

/** What a walk reports: each symbol with the place of its character, and where it starts anew. */
export type Walker = {
  readonly restart: (context: number) => void
  readonly symbol: (symbol: number, at: number) => void
}

/** Walks over the folded symbols of a value: the telling form of what `score` does. */
export function walk(text: string, walker: Walker): void {
  let special = nextSpecial(text, 0)
  while (special < text.length) {
    const start = Math.max(0, special - reach)
    const end = readableEnd(text, special)
    walkPart(text, { start, end }, walker)
    special = nextSpecial(text, end)
  }
}

function walkPart(text: string, part: { readonly start: number; readonly end: number }, walker: Walker): void {
  let previous = part.start === 0 ? startSymbol : gapSymbol
  let run = 1
  walker.restart(previous)
  for (let index = part.start; index < part.end; index += 1) {
    const symbol = symbolOf(text.charCodeAt(index))
    run = symbol === previous ? run + 1 : 1
    if (run <= (longestRun[symbol] as number)) walker.symbol(symbol, index)
    previous = symbol
  }
  if (part.end === text.length) walker.symbol(endSymbol, part.end)
}
