/**
 * Finds the first of many phrases in a byte string, in one pass (Aho and Corasick 1975). ASCII case does not count. All
 * state lives in typed arrays.
 *
 *   byte -> class -> table[state * width + class] -> state    phraseOf[state] is the longest phrase that ends there, -1 for none
 */
export type PhraseAutomaton = {
  /** The phrase whose first occurrence ends first, the longest of those that end there; -1 for none. */
  readonly find: (text: string) => number
  /** Where the occurrence that `find` tells of ends; -1 for none. */
  readonly endOf: (text: string) => number
  readonly states: number
}

type Trie = {
  readonly next: readonly Map<number, number>[]
  readonly phraseOf: Int32Array
  readonly fail: Int32Array
}

/** Phrases are in lower case and not empty. */
export function createPhraseAutomaton(phrases: readonly string[]): PhraseAutomaton {
  const { classOf, width } = classifyBytes(phrases)
  const { next, phraseOf, fail } = buildTrie(phrases)
  const states = next.length
  const table = new (states < 65_536 ? Uint16Array : Int32Array)(states * width)
  for (const state of linkSuffixes(next, fail, phraseOf)) {
    const row = state * width
    const fallback = (fail[state] as number) * width
    if (state !== 0) table.copyWithin(row, fallback, fallback + width)
    for (const [code, target] of next[state] as Map<number, number>) table[row + (classOf[code] as number)] = target
  }
  let end = -1
  const find = (text: string): number => {
    let state = 0
    for (let at = 0; at < text.length; at += 1) {
      state = table[state * width + (classOf[text.charCodeAt(at)] as number)] as number
      const phrase = phraseOf[state] as number
      if (phrase >= 0) {
        end = at + 1
        return phrase
      }
    }
    end = -1
    return -1
  }
  return { find, endOf: (text) => (find(text) < 0 ? -1 : end), states }
}

function classifyBytes(phrases: readonly string[]): { readonly classOf: Uint8Array; readonly width: number } {
  const classOf = new Uint8Array(256)
  let width = 1
  for (const phrase of phrases) {
    for (let at = 0; at < phrase.length; at += 1) {
      const code = phrase.charCodeAt(at)
      if (classOf[code] === 0) classOf[code] = width++
    }
  }
  for (let code = 65; code <= 90; code += 1) classOf[code] = classOf[code + 32] as number
  return { classOf, width }
}

function buildTrie(phrases: readonly string[]): Trie {
  const next: Map<number, number>[] = [new Map()]
  const ends: number[] = [-1]
  for (const [index, phrase] of phrases.entries()) {
    let state = 0
    for (let at = 0; at < phrase.length; at += 1) {
      const code = phrase.charCodeAt(at)
      const known = next[state]?.get(code)
      const target = known ?? next.push(new Map()) - 1
      if (known === undefined) {
        next[state]?.set(code, target)
        ends.push(-1)
      }
      state = target
    }
    if (ends[state] === -1) ends[state] = index
  }
  return { next, phraseOf: Int32Array.from(ends), fail: new Int32Array(next.length) }
}

/** Fills in where a state falls back to and what ends there as well; gives the states breadth first. */
function linkSuffixes(next: readonly Map<number, number>[], fail: Int32Array, phraseOf: Int32Array): readonly number[] {
  const queue = [0]
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] as number
    for (const [code, target] of next[state] as Map<number, number>) {
      let fallback = fail[state] as number
      while (fallback !== 0 && !next[fallback]?.has(code)) fallback = fail[fallback] as number
      const link = state === 0 ? 0 : (next[fallback]?.get(code) ?? 0)
      fail[target] = link
      if (phraseOf[target] === -1) phraseOf[target] = phraseOf[link] as number
      queue.push(target)
    }
  }
  return queue
}
