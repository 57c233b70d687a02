/**
 * Finds which of many lower-case ASCII strings occur in a text, in one pass (Aho and Corasick 1975), folding case as
 * it goes. All state lives in typed arrays; characters outside the strings' alphabet share one class.
 *
 *   char -> class -> table[state + class] -> state    states at or above `firstOutput` report something
 */
export type Automaton = {
  /**
   * Appends to `found.ids` the ids whose strings occur in the text's `toLowerCase()` form, each once.
   * Takes exactly one step per character (two for U+0130).
   */
  readonly scan: (text: string, found: Found) => void
  readonly states: number
}

/** Reusable result of scans. */
export type Found = {
  readonly ids: Int32Array
  count: number
  /** Steps of all scans so far. */
  steps: number
  readonly stamps: Float64Array
  stamp: number
}

export function createFound(idCount: number): Found {
  return { ids: new Int32Array(idCount), count: 0, steps: 0, stamps: new Float64Array(idCount), stamp: 0 }
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
  readonly table: Int32Array
  readonly width: number
  readonly start: number
  readonly firstOutput: number
  readonly outputStarts: Int32Array
  readonly outputs: Int32Array
}

/**
 * Numbers the states so that those without output come first, shallow before deep (ordinary text stays in the first few
 * rows, which then stay in the cache), and multiplies the numbers by the row width.
 */
function layOut(nodes: readonly TrieNode[], classes: Classes): Machine {
  const width = classes.count
  const byDepth = nodes.map((_, index) => index).sort((a, b) => (nodes[a]?.order ?? 0) - (nodes[b]?.order ?? 0))
  const silent = byDepth.filter((index) => nodes[index]?.ids.length === 0)
  const loud = byDepth.filter((index) => nodes[index]?.ids.length !== 0)
  const rowOf = new Int32Array(nodes.length)
  for (const [row, index] of [...silent, ...loud].entries()) rowOf[index] = row * width
  const table = new Int32Array(nodes.length * width)
  for (const index of byDepth) {
    const node = nodes[index] as TrieNode
    const row = rowOf[index] ?? 0
    const fallbackRow = rowOf[node.fail] ?? 0
    for (let column = 0; column < width; column += 1) {
      table[row + column] = index === 0 ? (rowOf[0] ?? 0) : (table[fallbackRow + column] ?? 0)
    }
    for (const [code, target] of node.next) table[row + (classes.of[code] ?? 0)] = rowOf[target] ?? 0
  }
  const outputStarts = new Int32Array(loud.length + 1)
  const outputs: number[] = []
  for (const [position, index] of loud.entries()) {
    outputs.push(...new Set(nodes[index]?.ids))
    outputStarts[position + 1] = outputs.length
  }
  return {
    table,
    width,
    start: rowOf[0] ?? 0,
    firstOutput: silent.length * width,
    outputStarts,
    outputs: Int32Array.from(outputs),
  }
}

function createScan(classes: Classes, machine: Machine): Automaton['scan'] {
  const { table, width, start, firstOutput, outputStarts, outputs } = machine
  const classOf = classes.of
  const report = (state: number, found: Found): void => {
    const position = (state - firstOutput) / width
    const end = outputStarts[position + 1] ?? 0
    for (let index = outputStarts[position] ?? 0; index < end; index += 1) {
      const id = outputs[index] ?? 0
      if (found.stamps[id] === found.stamp) continue
      found.stamps[id] = found.stamp
      found.ids[found.count++] = id
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
    const next = table[state + wideClass(code)] as number
    if (next >= firstOutput) report(next, found)
    return code === 0x130 ? (table[next] as number) : next
  }
  return (text, found) => {
    const { length } = text
    found.count = 0
    found.stamp += 1
    found.steps += length
    let state = start
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 127) {
        state = stepWide(state, code, found)
        continue
      }
      state = table[state + (classOf[code] as number)] as number
      if (state >= firstOutput) report(state, found)
    }
  }
}
