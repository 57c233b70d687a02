/** The shape of a pattern, as far as finding the strings it cannot do without needs it. */
export type PatternNode =
  /** One character out of a few (folded to lower case); `null` when there are many or they are not ASCII. */
  | { readonly kind: 'set'; readonly chars: readonly string[] | null }
  | { readonly kind: 'empty' }
  | { readonly kind: 'all'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'any'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number }

const empty: PatternNode = { kind: 'empty' }
const unknownSet: PatternNode = { kind: 'set', chars: null }
const maxSet = 12
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' }

type Cursor = { readonly pattern: string; at: number }

/** Parses the RE2 syntax subset that literals can be taken from; `null` when a construct is not understood. */
export function parsePattern(pattern: string): PatternNode | null {
  const cursor: Cursor = { pattern, at: 0 }
  try {
    const node = parseAlternatives(cursor)
    return cursor.at === pattern.length ? node : null
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
  const char = cursor.pattern.charAt(cursor.at)
  cursor.at += 1
  if (char === '(') return parseGroup(cursor)
  if (char === '[') return parseClass(cursor)
  if (char === '.') return unknownSet
  if (char === '^' || char === '$') return empty
  if (char === '\\') return parseEscape(cursor)
  if (char === '*' || char === '+' || char === '?') throw new Error('nothing to repeat')
  return setOf([char])
}

function parseGroup(cursor: Cursor): PatternNode {
  const head = /^\?(?:P?<\w+>|[a-z-]*:)/.exec(cursor.pattern.slice(cursor.at))
  const flagsOnly = /^\?[a-z-]+\)/.exec(cursor.pattern.slice(cursor.at))
  if (flagsOnly !== null) {
    cursor.at += flagsOnly[0].length
    return empty
  }
  if (head !== null) cursor.at += head[0].length
  else if (cursor.pattern[cursor.at] === '?') throw new Error('unknown group')
  const node = parseAlternatives(cursor)
  if (cursor.pattern[cursor.at] !== ')') throw new Error('open group')
  cursor.at += 1
  return node
}

function parseEscape(cursor: Cursor): PatternNode {
  const char = cursor.pattern.charAt(cursor.at)
  if ('bBAz'.includes(char) && char !== '') {
    cursor.at += 1
    return empty
  }
  const code = readEscapedChar(cursor)
  return code === null ? unknownSet : setOf([code])
}

/** Reads what follows a backslash; `null` stands for a class of characters. */
function readEscapedChar(cursor: Cursor): string | null {
  const char = cursor.pattern.charAt(cursor.at)
  cursor.at += 1
  if (char === 'x') {
    const hex = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(cursor.pattern.slice(cursor.at))
    if (hex === null) throw new Error('bad \\x')
    cursor.at += hex[0].length
    return String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? '', 16))
  }
  if (char === 'p' || char === 'P') {
    cursor.at = cursor.pattern[cursor.at] === '{' ? cursor.pattern.indexOf('}', cursor.at) + 1 : cursor.at + 1
    return null
  }
  const control = controls[char]
  if (control !== undefined) return control
  if ('dDwWsS'.includes(char) && char !== '') return null
  if (/[\w]/.test(char) || char === '') throw new Error(`unknown escape \\${char}`)
  return char
}

function parseClass(cursor: Cursor): PatternNode {
  const isNegated = cursor.pattern[cursor.at] === '^'
  if (isNegated) cursor.at += 1
  let chars: string[] | null = []
  for (let isFirst = true; ; isFirst = false) {
    const char = cursor.pattern.charAt(cursor.at)
    if (char === '') throw new Error('open class')
    if (char === ']' && !isFirst) break
    const members = readClassMember(cursor)
    chars = members === null || chars === null ? null : [...chars, ...members]
  }
  cursor.at += 1
  return isNegated || chars === null ? unknownSet : setOf(chars)
}

/** One character or range of a class; `null` when it stands for too many. */
function readClassMember(cursor: Cursor): readonly string[] | null {
  if (cursor.pattern.startsWith('[:', cursor.at)) {
    const close = cursor.pattern.indexOf(':]', cursor.at)
    if (close < 0) throw new Error('open class name')
    cursor.at = close + 2
    return null
  }
  const first = readClassChar(cursor)
  if (cursor.pattern[cursor.at] !== '-' || cursor.pattern[cursor.at + 1] === ']') return first === null ? null : [first]
  cursor.at += 1
  const last = readClassChar(cursor)
  if (first === null || last === null) return null
  const from = first.codePointAt(0) ?? 0
  const to = last.codePointAt(0) ?? 0
  return to - from >= maxSet * 2
    ? null
    : Array.from({ length: to - from + 1 }, (_, step) => String.fromCodePoint(from + step))
}

function readClassChar(cursor: Cursor): string | null {
  const char = cursor.pattern.charAt(cursor.at)
  cursor.at += 1
  return char === '\\' ? readEscapedChar(cursor) : char
}

function setOf(chars: readonly string[]): PatternNode {
  const folded = [...new Set(chars.map((char) => char.toLowerCase()))]
  const isPlain = folded.length <= maxSet && folded.every((char) => char.length === 1 && char.charCodeAt(0) < 128)
  return { kind: 'set', chars: isPlain ? folded : null }
}
