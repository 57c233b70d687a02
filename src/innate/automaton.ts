/**
 * Finds which of many lower-case ASCII strings occur in a text, in one pass (Aho and Corasick 1975), folding case as
 * it goes. All state lives in typed arrays; characters outside the strings' alphabet share one class.
 *
 *   char -> class -> table[state * width + class] -> state    states at or above `firstOutput` report something
 */
export type Automaton = {
  /**
   * Tells in `found.bits` which ids have a string that occurs in the text's `toLowerCase()` form. Takes exactly one step
   * per character (two for U+0130).
   */
  readonly scan: (text: string, found: Found) => void
  readonly states: number
}

/** Reusable result of scans: bit `id & 31` of word `id >> 5` is set for each id found. */
export type Found = {
  readonly bits: Int32Array
  isEmpty: boolean
  /** Characters of all scans so far. */
  steps: number
}

export function createFound(idCount: number): Found {
  return { bits: new Int32Array((idCount + 31) >> 5), isEmpty: true, steps: 0 }
}

export type Entry = { readonly id: number; readonly text: string }

export function createAutomaton(entries: readonly Entry[]): Automaton {
  const classes = classifyCharacters(entries)
  const trie = buildTrie(entries)
  const machine = layOut(trie, classes)
  return { states: trie.length, scan: createScan(classes, machine) }
}

type Classes = { readonly of: Uint8Array; readonly count: number }

function classifyCharacters(entries: readonly Entry[]): Classes {
  const of = new Uint8Array(128)
  let count = 1
  for (const { text } of entries) {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code >= 128 || (code >= 65 && code <= 90) || text === '') {
        throw new RangeError(`literal ${JSON.stringify(text)} is not lower-case ASCII`)
      }
      if (of[code] === 0) of[code] = count++
    }
  }
  for (let code = 65; code <= 90; code += 1) of[code] = of[code + 32] ?? 0
  return { of, count }
}

type TrieNode = { readonly next: Map<number, number>; readonly ids: number[]; fail: number; order: number }

function buildTrie(entries: readonly Entry[]): readonly TrieNode[] {
  const nodes: TrieNode[] = [{ next: new Map(), ids: [], fail: 0, order: 0 }]
  const at = (index: number): TrieNode => nodes[index] as TrieNode
  for (const { id, text } of entries) {
    let state = 0
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      let target = at(state).next.get(code)
      if (target === undefined) {
        target = nodes.push({ next: new Map(), ids: [], fail: 0, order: 0 }) - 1
        at(state).next.set(code, target)
      }
      state = target
    }
    at(state).ids.push(id)
  }
  linkSuffixes(nodes)
  return nodes
}

/** Breadth first: where to go on from a state whose next character does not fit, and what ends there as well. */
function linkSuffixes(nodes: readonly TrieNode[]): void {
  const at = (index: number): TrieNode => nodes[index] as TrieNode
  const queue = [0]
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0
    at(state).order = head
    for (const [code, target] of at(state).next) {
      let fallback = at(state).fail
      while (fallback !== 0 && !at(fallback).next.has(code)) fallback = at(fallback).fail
      const link = state === 0 ? 0 : (at(fallback).next.get(code) ?? 0)
      at(target).fail = link
      at(target).ids.push(...at(link).ids)
      queue.push(target)
    }
  }
}

type Machine = {
  readonly table: Uint16Array | Int32Array
  readonly width: number
  readonly start: number
  readonly firstOutput: number
  /** Where the output of each state that has some starts in `words` and `bits`. */
  readonly starts: Int32Array
  readonly words: Int32Array
  readonly bits: Int32Array
}

/**
 * Numbers the states so that those without output come first, shallow before deep (ordinary text stays in the first few
 * rows, which then stay in the cache).
 */
function layOut(nodes: readonly TrieNode[], classes: Classes): Machine {
  const width = classes.count
  const byDepth = nodes.map((_, index) => index).sort((a, b) => (nodes[a]?.order ?? 0) - (nodes[b]?.order ?? 0))
  const silent = byDepth.filter((index) => nodes[index]?.ids.length === 0)
  const loud = byDepth.filter((index) => nodes[index]?.ids.length !== 0)
  const rowOf = new Int32Array(nodes.length)
  for (const [row, index] of [...silent, ...loud].entries()) rowOf[index] = row
  const table = new (nodes.length < 65_536 ? Uint16Array : Int32Array)(nodes.length * width)
  for (const index of byDepth) {
    const node = nodes[index] as TrieNode
    const row = (rowOf[index] ?? 0) * width
    const fallbackRow = (rowOf[node.fail] ?? 0) * width
    for (let column = 0; column < width; column += 1) {
      table[row + column] = index === 0 ? (rowOf[0] ?? 0) : (table[fallbackRow + column] ?? 0)
    }
    for (const [code, target] of node.next) table[row + (classes.of[code] ?? 0)] = rowOf[target] ?? 0
  }
  return {
    table,
    width,
    start: rowOf[0] ?? 0,
    firstOutput: silent.length,
    ...layOutBits(loud.map((index) => nodes[index]?.ids ?? [])),
  }
}

/** The ids of each list as pairs of a word and its bits. */
function layOutBits(lists: readonly (readonly number[])[]): Pick<Machine, 'starts' | 'words' | 'bits'> {
  const starts = new Int32Array(lists.length + 1)
  const words: number[] = []
  const bits: number[] = []
  for (const [position, ids] of lists.entries()) {
    const byWord = new Map<number, number>()
    for (const id of ids) byWord.set(id >> 5, (byWord.get(id >> 5) ?? 0) | (1 << (id & 31)))
    words.push(...byWord.keys())
    bits.push(...byWord.values())
    starts[position + 1] = words.length
  }
  return { starts, words: Int32Array.from(words), bits: Int32Array.from(bits) }
}

function createScan(classes: Classes, machine: Machine): Automaton['scan'] {
  const { table, width, start, firstOutput, starts, words, bits } = machine
  const classOf = classes.of
  /** Scan in which a state last reported: it does so once per scan. */
  const reported = new Float64Array(starts.length)
  let serial = 0
  const note = (state: number, found: Found): void => {
    const position = state - firstOutput
    if (reported[position] === serial) return
    reported[position] = serial
    found.isEmpty = false
    const end = starts[position + 1] as number
    for (let at = starts[position] as number; at < end; at += 1) {
      const word = words[at] as number
      found.bits[word] = (found.bits[word] as number) | (bits[at] as number)
    }
  }
  /** Characters beyond ASCII whose lower case is, or starts with, an ASCII letter. */
  const wideClass = (code: number): number => {
    if (code === 0x212a) return classOf[107] ?? 0
    if (code === 0x17f) return classOf[115] ?? 0
    return code === 0x130 ? (classOf[105] ?? 0) : 0
  }
  /** The state after a character beyond ASCII; U+0130 folds to an i and a mark, which is one step more. */
  const stepWide = (state: number, code: number, found: Found): number => {
    const next = table[state * width + wideClass(code)] as number
    if (next >= firstOutput) note(next, found)
    return code === 0x130 ? (table[next * width] as number) : next
  }
  return (text, found) => {
    const { length } = text
    if (!found.isEmpty) found.bits.fill(0)
    found.isEmpty = true
    found.steps += length
    serial += 1
    let state = start
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 127) {
        state = stepWide(state, code, found)
        continue
      }
      state = table[state * width + (classOf[code] as number)] as number
      if (state >= firstOutput) note(state, found)
    }
  }
}
