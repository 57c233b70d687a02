import { longestRun, startSymbol, symbolCount, symbolOf } from './scorer-fold.ts'

/**
 * Finds which tokens end at each symbol of a value, in one pass over its symbols (Aho and Corasick 1975). A dense table
 * of states by symbol classes; the sum of the weights of all tokens that end in a state stands beside it.
 */
export type TokenMachine = {
  /** Next state: `table[state * width + classOf[symbol]]`, already multiplied by `width`. */
  readonly table: Uint16Array | Int32Array
  readonly classOf: Uint8Array
  readonly width: number
  /** By state: tokens that end there. */
  readonly ends: readonly (readonly number[])[]
}

type Node = { readonly next: Map<number, number>; readonly ends: number[]; fail: number }

/** The symbols of a token, folded like any text. Throws when nothing is left of it. */
export function symbolsOf(token: string): readonly number[] {
  const found: number[] = []
  let previous = startSymbol
  let run = 0
  for (let index = 0; index < token.length; index += 1) {
    const symbol = symbolOf(token.charCodeAt(index))
    run = symbol === previous ? run + 1 : 1
    if (run <= (longestRun[symbol] as number)) found.push(symbol)
    previous = symbol
  }
  if (found.length === 0) throw new RangeError('a token has at least one character')
  return found
}

export function createTokenMachine(tokens: readonly string[]): TokenMachine {
  const folded = tokens.map(symbolsOf)
  const classOf = new Uint8Array(symbolCount)
  let width = 1
  for (const symbol of folded.flat()) if (classOf[symbol] === 0) classOf[symbol] = width++
  const nodes = buildTrie(folded, classOf)
  const order = linkSuffixes(nodes)
  const size = nodes.length * width
  const table = size < 65_536 ? new Uint16Array(size) : new Int32Array(size)
  for (const index of order) {
    const node = nodes[index] as Node
    for (let column = 0; column < width; column += 1) {
      const target = node.next.get(column)
      const inherited = index === 0 ? 0 : (table[node.fail * width + column] ?? 0)
      table[index * width + column] = target === undefined ? inherited : target * width
    }
  }
  return { table, classOf, width, ends: nodes.map((node) => node.ends) }
}

function buildTrie(folded: readonly (readonly number[])[], classOf: Uint8Array): readonly Node[] {
  const nodes: Node[] = [{ next: new Map(), ends: [], fail: 0 }]
  for (const [id, text] of folded.entries()) {
    let state = 0
    for (const symbol of text) {
      const column = classOf[symbol] ?? 0
      const node = nodes[state] as Node
      const target = node.next.get(column) ?? nodes.push({ next: new Map(), ends: [], fail: 0 }) - 1
      node.next.set(column, target)
      state = target
    }
    nodes[state]?.ends.push(id)
  }
  return nodes
}

/** Breadth first: where to go on from a state whose next symbol does not fit, and what ends there as well. */
function linkSuffixes(nodes: readonly Node[]): readonly number[] {
  const queue = [0]
  for (const index of queue) {
    const node = nodes[index] as Node
    for (const [column, target] of node.next) {
      let fallback = node.fail
      while (fallback !== 0 && !(nodes[fallback] as Node).next.has(column)) fallback = (nodes[fallback] as Node).fail
      const link = index === 0 ? 0 : ((nodes[fallback] as Node).next.get(column) ?? 0)
      const reached = nodes[target] as Node
      reached.fail = link
      reached.ends.push(...(nodes[link] as Node).ends)
      queue.push(target)
    }
  }
  return queue
}
