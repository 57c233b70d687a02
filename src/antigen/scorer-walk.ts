import { endSymbol, gapSymbol, isPlain, longestRun, nextSpecial, startSymbol, symbolOf } from './scorer-fold.ts'

/**
 * Plain characters beside a special one that still count. Of a longer plain stretch only its two ends are read, so that
 * padding costs next to nothing and cannot dilute; a value without any special character is not read at all.
 *
 *   `a long harmless text, ... (64 and more plain characters) ... union select 1,2`
 *    ------- read --------  …            gap                   … ----- read -----
 */
export const reach = 32

/** What a walk reports: each symbol with the place of its character, and where it starts anew. */
export type Walker = {
  readonly restart: (context: number) => void
  readonly symbol: (symbol: number, at: number) => void
}

/** Walks over the folded symbols of a value: the slow, readable form of what `score` does in one loop. */
export function walk(text: string, walker: Walker): void {
  const { length } = text
  let special = nextSpecial(text, 0)
  if (special === length) return
  let index = Math.max(0, special - reach)
  let previous = index === 0 ? startSymbol : gapSymbol
  walker.restart(previous)
  let run = 1
  let lastSpecial = index + reach
  while (index < length) {
    const code = text.charCodeAt(index)
    const symbol = symbolOf(code)
    if (code < 256 ? isPlain[code] === 0 : code === 0xfffd) lastSpecial = index
    else if (index > special && index - lastSpecial > reach) {
      special = nextSpecial(text, index)
      if (special === length) return
      if (special - reach > index) {
        index = special - reach
        previous = gapSymbol
        run = 1
        lastSpecial = special
        walker.restart(gapSymbol)
        continue
      }
    }
    run = symbol === previous ? run + 1 : 1
    if (run <= (longestRun[symbol] as number)) walker.symbol(symbol, index)
    previous = symbol
    index += 1
  }
  walker.symbol(endSymbol, length)
}
