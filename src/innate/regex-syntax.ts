/** Code points as pairs of first and last, in order, without overlap. */
export type Ranges = readonly number[]

/** Where a match may stand: start and end of the text, beside or not beside a change between word and other text. */
export type Edge = 'begin' | 'end' | 'word' | 'no-word'

export type PatternNode =
  /** One character of a set; `chars` are its members folded to lower case, `null` when many or not ASCII. */
  | { readonly kind: 'set'; readonly ranges: Ranges; readonly chars: readonly string[] | null }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'all'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'any'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number }

/** `isExact`: the tree says all that the pattern says; false for flags and named classes, whose sets stay open. */
export type ParsedPattern = { readonly tree: PatternNode; readonly isExact: boolean }

const maxSet = 12
const lastCodePoint = 0x10ffff
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' }
export const wordRanges: Ranges = [48, 57, 65, 90, 95, 95, 97, 122]
const classes: Readonly<Record<string, Ranges>> = {
  d: [48, 57],
  D: negate([48, 57]),
  s: [9, 10, 12, 13, 32, 32],
  S: negate([9, 10, 12, 13, 32, 32]),
  w: wordRanges,
  W: negate(wordRanges),
}
const edges: Readonly<Record<string, Edge>> = { '^': 'begin', $: 'end', b: 'word', B: 'no-word', A: 'begin', z: 'end' }

type Cursor = { readonly pattern: string; at: number; isExact: boolean }

/** Parses the RE2 syntax subset that rules use; `null` when a construct is not understood. */
export function parsePattern(pattern: string): ParsedPattern | null {
  const cursor: Cursor = { pattern, at: 0, isExact: true }
  try {
    const tree = parseAlternatives(cursor)
    return cursor.at === pattern.length ? { tree, isExact: cursor.isExact } : null
  } catch {
    return null
  }
}

function parseAlternatives(cursor: Cursor): PatternNode {
  const parts = [parseSequence(cursor)]
  while (cursor.pattern[cursor.at] === '|') {
    cursor.at += 1
    parts.push(parseSequence(cursor))
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'any', parts }
}

function parseSequence(cursor: Cursor): PatternNode {
  const parts: PatternNode[] = []
  while (cursor.at < cursor.pattern.length) {
    const char = cursor.pattern[cursor.at]
    if (char === '|' || char === ')') break
    parts.push(parseQuantified(cursor))
  }
  return { kind: 'all', parts }
}

function parseQuantified(cursor: Cursor): PatternNode {
  let node = parseAtom(cursor)
  for (let bounds = parseBounds(cursor); bounds !== null; bounds = parseBounds(cursor)) {
    node = { kind: 'repeat', part: node, min: bounds[0], max: bounds[1] }
    if (cursor.pattern[cursor.at] === '?') cursor.at += 1
  }
  return node
}

function parseBounds(cursor: Cursor): readonly [number, number] | null {
  const char = cursor.pattern[cursor.at]
  const simple: Readonly<Record<string, readonly [number, number]>> = {
    '*': [0, Number.POSITIVE_INFINITY],
    '+': [1, Number.POSITIVE_INFINITY],
    '?': [0, 1],
  }
  const bounds = char === undefined ? undefined : simple[char]
  if (bounds !== undefined) {
    cursor.at += 1
    return bounds
  }
  if (char !== '{') return null
  const close = cursor.pattern.indexOf('}', cursor.at)
  const parts = /^(\d+)(,?)(\d*)$/.exec(cursor.pattern.slice(cursor.at + 1, close))
  if (close < 0 || parts === null) return null
  cursor.at = close + 1
  const min = Number(parts[1])
  if (parts[2] === '') return [min, min]
  return [min, parts[3] === '' ? Number.POSITIVE_INFINITY : Number(parts[3])]
}

function parseAtom(cursor: Cursor): PatternNode {
  const char = readCodePoint(cursor)
  if (char === '(') return parseGroup(cursor)
  if (char === '[') return parseClass(cursor)
  if (char === '.') return { kind: 'set', ranges: negate([10, 10]), chars: null }
  if (char === '\\') return parseEscape(cursor)
  if (char === '*' || char === '+' || char === '?') throw new Error('nothing to repeat')
  const edge = edges[char]
  return edge !== undefined && (char === '^' || char === '$') ? { kind: 'edge', edge } : setOf(only(char))
}

function readCodePoint(cursor: Cursor): string {
  const code = cursor.pattern.codePointAt(cursor.at)
  if (code === undefined) return ''
  const char = String.fromCodePoint(code)
  cursor.at += char.length
  return char
}

function parseGroup(cursor: Cursor): PatternNode {
  const head = /^\?(?:P?<\w+>|([a-z-]*):)/.exec(cursor.pattern.slice(cursor.at))
  const flagsOnly = /^\?[a-z-]+\)/.exec(cursor.pattern.slice(cursor.at))
  if (flagsOnly !== null || (head?.[1] ?? '') !== '') cursor.isExact = false
  if (flagsOnly !== null) {
    cursor.at += flagsOnly[0].length
    return { kind: 'all', parts: [] }
  }
  if (head !== null) cursor.at += head[0].length
  else if (cursor.pattern[cursor.at] === '?') throw new Error('unknown group')
  const node = parseAlternatives(cursor)
  if (cursor.pattern[cursor.at] !== ')') throw new Error('open group')
  cursor.at += 1
  return node
}

function parseEscape(cursor: Cursor): PatternNode {
  const edge = edges[cursor.pattern.charAt(cursor.at)]
  if (edge !== undefined && /\w/.test(cursor.pattern.charAt(cursor.at))) {
    cursor.at += 1
    return { kind: 'edge', edge }
  }
  return setOf(readEscaped(cursor))
}

/** What one item of a pattern or class stands for. `isOne`: a single character, which may begin a range. */
type Item = { readonly ranges: Ranges; readonly isOne: boolean }

function only(char: string): Item {
  const code = char.codePointAt(0) ?? 0
  return { ranges: [code, code], isOne: true }
}

/** Reads what follows a backslash. */
function readEscaped(cursor: Cursor): Item {
  const char = readCodePoint(cursor)
  if (char === 'x') {
    const hex = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(cursor.pattern.slice(cursor.at))
    if (hex === null) throw new Error('bad \\x')
    cursor.at += hex[0].length
    return only(String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? '', 16)))
  }
  if (char === 'p' || char === 'P') {
    cursor.at = cursor.pattern[cursor.at] === '{' ? cursor.pattern.indexOf('}', cursor.at) + 1 : cursor.at + 1
    return openItem(cursor)
  }
  const control = controls[char]
  if (control !== undefined) return only(control)
  const ranges = classes[char]
  if (ranges !== undefined) return { ranges, isOne: false }
  if (/[\w]/.test(char) || char === '') throw new Error(`unknown escape \\${char}`)
  return only(char)
}

/** Some set that is not worked out: any character, for all that is known. */
function openItem(cursor: Cursor): Item {
  cursor.isExact = false
  return { ranges: [0, lastCodePoint], isOne: false }
}

function parseClass(cursor: Cursor): PatternNode {
  const isNegated = cursor.pattern[cursor.at] === '^'
  if (isNegated) cursor.at += 1
  const items: Item[] = []
  for (let isFirst = true; ; isFirst = false) {
    const char = cursor.pattern.charAt(cursor.at)
    if (char === '') throw new Error('open class')
    if (char === ']' && !isFirst) break
    items.push(readClassItem(cursor))
  }
  cursor.at += 1
  const ranges = merge(items.flatMap((item) => [...item.ranges]))
  if (isNegated) return { kind: 'set', ranges: negate(ranges), chars: null }
  return setOf({ ranges, isOne: items.every((item) => item.isOne) })
}

/** One character, range or named set of a class. */
function readClassItem(cursor: Cursor): Item {
  if (cursor.pattern.startsWith('[:', cursor.at)) {
    const close = cursor.pattern.indexOf(':]', cursor.at)
    if (close < 0) throw new Error('open class name')
    cursor.at = close + 2
    return openItem(cursor)
  }
  const first = readClassChar(cursor)
  if (cursor.pattern[cursor.at] !== '-' || cursor.pattern[cursor.at + 1] === ']') return first
  cursor.at += 1
  const last = readClassChar(cursor)
  if (!first.isOne || !last.isOne) throw new Error('bad range')
  return { ranges: [first.ranges[0] ?? 0, last.ranges[0] ?? 0], isOne: true }
}

function readClassChar(cursor: Cursor): Item {
  const char = readCodePoint(cursor)
  return char === '\\' ? readEscaped(cursor) : only(char)
}

function setOf({ ranges, isOne }: Item): PatternNode {
  return { kind: 'set', ranges, chars: isOne ? membersOf(ranges) : null }
}

/** The members of a small set of ASCII characters, in lower case. */
function membersOf(ranges: Ranges): readonly string[] | null {
  const members = new Set<string>()
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0
    const to = ranges[at + 1] ?? 0
    if (to - from >= maxSet * 2 || to >= 128) return null
    for (let code = from; code <= to; code += 1) members.add(String.fromCharCode(code).toLowerCase())
  }
  return members.size <= maxSet ? [...members] : null
}

/** In order and without overlap. */
function merge(ranges: Ranges): Ranges {
  const pairs = Array.from({ length: ranges.length / 2 }, (_, at) => [ranges[at * 2] ?? 0, ranges[at * 2 + 1] ?? 0])
  const merged: number[] = []
  for (const [from = 0, to = 0] of pairs.sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0))) {
    const end = merged.at(-1)
    if (end !== undefined && from <= end + 1) merged[merged.length - 1] = Math.max(end, to)
    else merged.push(from, to)
  }
  return merged
}

function negate(ranges: Ranges): Ranges {
  const result: number[] = []
  let next = 0
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0
    if (from > next) result.push(next, from - 1)
    next = (ranges[at + 1] ?? 0) + 1
  }
  if (next <= lastCodePoint) result.push(next, lastCodePoint)
  return result
}
