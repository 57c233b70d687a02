const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const hexForm = /^(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}$/i
const integerForm = /^\d+$/
/** Letters and digits mixed over a length that no word has: an opaque id. */
const tokenForm = /^(?=.*\d)(?=.*[A-Za-z])[\w-]{16,}$/
const longestLiteral = 64

/** What a path segment is when nothing is known about its place: itself, or the placeholder of its form. */
export function segmentTemplate(segment: string): string {
  const first = segment.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39 && integerForm.test(segment)) return '{int}'
  if (segment.length < 8) return segment
  if (uuidForm.test(segment)) return '{uuid}'
  if (hexForm.test(segment)) return '{hex}'
  if (segment.length > longestLiteral) return '{long}'
  return tokenForm.test(segment) ? '{token}' : segment
}

/**
 * The known paths of one service and method as a trie. A place at which too many different literals stand becomes `*`:
 *
 *   /users/anna, /users/bert, ... (8 names, hardly any twice)   ->   /users/*
 */
export type TrieNode = {
  readonly children: Map<string, TrieNode>
  /** How often each literal child was shown; decides on collapsing and is capped with the children. */
  hits: number
  isCollapsed: boolean
  routeId: number
}

export function createTrieNode(): TrieNode {
  return { children: new Map(), hits: 0, isCollapsed: false, routeId: -1 }
}

const minLiteralsToCollapse = 8
const collapseRatio = 0.4
const maxLiterals = 256

/** Child of a node for a segment; `undefined` when it is not known. */
export function stepInto(
  node: TrieNode,
  segment: string,
): { readonly node: TrieNode; readonly label: string } | undefined {
  const literal = node.children.get(segment)
  if (literal !== undefined) return { node: literal, label: segment }
  const label = segmentTemplate(segment)
  const formed = label === segment ? undefined : node.children.get(label)
  if (formed !== undefined) return { node: formed, label }
  const wildcard = node.isCollapsed ? node.children.get('*') : undefined
  return wildcard === undefined ? undefined : { node: wildcard, label: '*' }
}

/** Segments of a path that tell routes apart; what comes behind them is one. Bounds the depth of the trie. */
export const maxRouteSegments = 12
/** Label of everything behind them. */
export const restLabel = '**'

/** Id of the route that a path leads to, -1 where it leads nowhere. Makes no list and no text but the segments. */
export function findRoute(trie: TrieNode, path: string): number {
  let node: TrieNode | undefined = trie
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length
  let start = 1
  for (let depth = 0; node !== undefined && start < end; depth += 1) {
    if (depth === maxRouteSegments) return node.children.get(restLabel)?.routeId ?? -1
    const slash = path.indexOf('/', start)
    const stop = slash === -1 || slash > end ? end : slash
    const segment = path.slice(start, stop)
    node = node.children.get(segment) ?? stepInto(node, segment)?.node
    start = stop + 1
  }
  return node?.routeId ?? -1
}

/** Like `stepInto`, but makes the child; collapses the node's literals when there are too many. */
export function growInto(node: TrieNode, segment: string): { readonly node: TrieNode; readonly label: string } {
  node.hits += 1
  const known = stepInto(node, segment)
  if (known !== undefined) {
    known.node.hits += 1
    return known
  }
  const label = node.isCollapsed && segmentTemplate(segment) === segment ? '*' : segmentTemplate(segment)
  const child = createTrieNode()
  child.hits = 1
  node.children.set(label, child)
  if (shouldCollapse(node)) {
    collapse(node)
    return stepInto(node, segment) ?? growInto(node, segment)
  }
  return { node: child, label }
}

function literalsOf(node: TrieNode): [string, TrieNode][] {
  return [...node.children].filter(([label]) => label !== '*' && !label.startsWith('{'))
}

function shouldCollapse(node: TrieNode): boolean {
  if (node.isCollapsed || node.children.size < minLiteralsToCollapse) return false
  const literals = literalsOf(node).length
  return (
    literals >= maxLiterals || (literals >= minLiteralsToCollapse && literals / Math.max(1, node.hits) >= collapseRatio)
  )
}

/** Literals that carry their weight stay; all others become one child `*`. */
function collapse(node: TrieNode): void {
  const floor = Math.max(4, node.hits * 0.1)
  for (const [label, child] of literalsOf(node)) if (child.hits < floor) node.children.delete(label)
  node.isCollapsed = true
  node.children.set('*', createTrieNode())
}

/** A trie as plain data: hits, collapsed or not, route id, children. */
export type SerializedTrie = readonly [
  hits: number,
  isCollapsed: boolean,
  routeId: number,
  children: readonly (readonly [label: string, trie: SerializedTrie])[],
]

export function serializeTrie(node: TrieNode): SerializedTrie {
  const children = [...node.children].map(([label, child]) => [label, serializeTrie(child)] as const)
  return [node.hits, node.isCollapsed, node.routeId, children]
}

export function deserializeTrie([hits, isCollapsed, routeId, children]: SerializedTrie): TrieNode {
  const entries = children.map(([label, child]) => [label, deserializeTrie(child)] as const)
  return { hits, isCollapsed, routeId, children: new Map(entries) }
}
