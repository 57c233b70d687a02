import { letterClasses, newline, not, word } from './byte-classes.ts'
import { type Flags, type PatternCursor, refuse, skip, take } from './pattern-cursor.ts'
import { choice, nothing, type PatternNode, sequence, withParts } from './pattern-node.ts'
import { readClass } from './pcre-class.ts'
import { readCharacterEscape } from './pcre-escape.ts'
import { readFlags, readGroupHead } from './pcre-group.ts'
import { readQuantifier } from './pcre-quantifier.ts'
import { anyByte, besideOther, foldCase, outside, type Ranges } from './ranges.ts'

export type PcreFlags = { readonly ignoreCase?: boolean; readonly dotAll?: boolean; readonly multiline?: boolean }

export type ParsedPcre = { readonly tree: PatternNode; readonly groups: number }

/** PCRE2 has the same limit on nesting. */
const maxDepth = 250

const begin: PatternNode = { kind: 'before', ranges: [outside, outside] }
const end: PatternNode = { kind: 'after', ranges: [outside, outside] }
const isWord = { before: { kind: 'before', ranges: word }, after: { kind: 'after', ranges: word } } as const
const notWord = {
  before: { kind: 'before', ranges: besideOther(word, 0xff) },
  after: { kind: 'after', ranges: besideOther(word, 0xff) },
} as const
const wordEdge = choice([sequence([isWord.before, notWord.after]), sequence([notWord.before, isWord.after])])
const noWordEdge = choice([sequence([isWord.before, isWord.after]), sequence([notWord.before, notWord.after])])
/** At the end, or before a newline that ends the text. */
const lastLineEnd: PatternNode = {
  kind: 'look',
  isAhead: true,
  isNegated: false,
  part: sequence([{ kind: 'repeat', part: { kind: 'set', ranges: newline }, min: 0, max: 1, isLazy: false }, end]),
}
const lineBegin = choice([begin, sequence([{ kind: 'before', ranges: newline }, { kind: 'after', ranges: anyByte }])])
const lineEnd: PatternNode = { kind: 'after', ranges: [...newline, outside, outside] }
const places: ReadonlyMap<string, PatternNode> = new Map([
  ['A', begin],
  ['G', begin],
  ['z', end],
  ['Z', lastLineEnd],
  ['b', wordEdge],
  ['B', noWordEdge],
])
const set = (ranges: Ranges): PatternNode => ({ kind: 'set', ranges })
/** `\R`: a carriage return takes a line feed that follows with it, for good. */
const anyNewline = (offset: number): PatternNode => ({
  kind: 'atomic',
  offset,
  part: choice([sequence([set([13, 13]), set(newline)]), set([10, 13, 0x85, 0x85])]),
})

/**
 * Reads a PCRE2 pattern for byte strings, without UTF mode. Throws PatternError for what is wrong and for what no
 * automaton can do: recursion, conditions, verbs, `\K`.
 */
export function parsePcre(source: string, { ignoreCase, dotAll, multiline }: PcreFlags): ParsedPcre {
  const flags: Flags = {
    ignoreCase: ignoreCase ?? false,
    dotAll: dotAll ?? true,
    multiline: multiline ?? true,
    isExtended: false,
    isExtendedMore: false,
    noCapture: false,
    isUngreedy: false,
  }
  const cursor: PatternCursor = {
    source,
    at: 0,
    flags,
    isQuoted: false,
    groups: 0,
    names: new Map(),
    references: [],
    depth: 0,
  }
  const wide = /[^\0-\xff]/.exec(source)
  if (wide !== null) refuse('character above U+00FF in a byte pattern', wide.index)
  const tree = readAlternatives(cursor, null)
  if (cursor.at < source.length) refuse('closing parenthesis without its group', cursor.at)
  return { tree: resolveReferences(cursor, tree), groups: cursor.groups }
}

/** `firstGroup`: where every alternative begins to number its groups again, `(?|...)`. */
function readAlternatives(cursor: PatternCursor, firstGroup: number | null): PatternNode {
  const parts: PatternNode[] = []
  let most = cursor.groups
  do {
    if (firstGroup !== null) cursor.groups = firstGroup
    parts.push(readSequence(cursor))
    most = Math.max(most, cursor.groups)
  } while (!cursor.isQuoted && skip(cursor, '|'))
  cursor.groups = most
  return choice(parts)
}

function readSequence(cursor: PatternCursor): PatternNode {
  const parts: PatternNode[] = []
  while (passNoise(cursor) && (cursor.isQuoted || !'|)'.includes(cursor.source.charAt(cursor.at)))) {
    const offset = cursor.at
    const part = readAtom(cursor)
    passNoise(cursor)
    parts.push(readQuantifier(cursor, part, offset))
  }
  return sequence(parts)
}

/** Passes comments, marks of quoting and, where flags say so, white space; false at the end of the pattern. */
function passNoise(cursor: PatternCursor): boolean {
  for (;;) {
    if (cursor.isQuoted) {
      if (!skip(cursor, '\\E')) return cursor.at < cursor.source.length
      cursor.isQuoted = false
    } else if (skip(cursor, '\\Q')) cursor.isQuoted = true
    else if (skip(cursor, '\\E')) continue
    else if (skip(cursor, '(?#')) passComment(cursor)
    else if (cursor.flags.isExtended && take(cursor, /(?:[ \t-\r]|#[^\n]*\n?)/y) !== null) continue
    else return cursor.at < cursor.source.length
  }
}

function passComment(cursor: PatternCursor): void {
  const close = cursor.source.indexOf(')', cursor.at)
  if (close < 0) refuse('comment without its closing parenthesis', cursor.at - 3)
  cursor.at = close + 1
}

function readAtom(cursor: PatternCursor): PatternNode {
  const offset = cursor.at
  const char = cursor.source.charAt(cursor.at)
  cursor.at += 1
  if (cursor.isQuoted) return literal(cursor, char.charCodeAt(0))
  const { dotAll, multiline } = cursor.flags
  switch (char) {
    case '(':
      return readGroup(cursor, offset)
    case '[':
      return readClass(cursor)
    case '.':
      return set(dotAll ? anyByte : not(newline))
    case '^':
      return multiline ? lineBegin : begin
    case '$':
      return multiline ? lineEnd : lastLineEnd
    case '\\':
      return readEscape(cursor, offset)
    case '*':
    case '+':
    case '?':
      return refuse(`quantifier ${char} with nothing to repeat`, offset)
    default:
      if (char === '{' && /^\{\d+(?:,\d*)?\}/.test(cursor.source.slice(offset, offset + 16))) {
        refuse('quantifier { with nothing to repeat', offset)
      }
      return literal(cursor, char.charCodeAt(0))
  }
}

function literal({ flags }: PatternCursor, code: number): PatternNode {
  return set(flags.ignoreCase ? foldCase([code, code]) : [code, code])
}

function readEscape(cursor: PatternCursor, offset: number): PatternNode {
  const letter = cursor.source.charAt(cursor.at)
  const known = letterClasses.get(letter)
  const place = places.get(letter)
  const reference = known === undefined && place === undefined ? readReference(cursor, offset) : null
  if (reference !== null) return reference
  if (known === undefined && place === undefined && !'NRCKX'.includes(letter)) {
    return literal(cursor, readCharacterEscape(cursor, offset))
  }
  if (letter === '') refuse('backslash at the end', offset)
  cursor.at += 1
  if (known !== undefined) return set(known)
  if (place !== undefined) return place
  if (letter === 'N' && take(cursor, /(?=\{(?:U\+|[^\d,]))/y) === null) return set(not(newline))
  if (letter === 'R') return anyNewline(offset)
  if (letter === 'C') return set(anyByte)
  return refuse(`escape \\${letter} is not supported`, offset)
}

/** `\1`, `\g{1}`, `\g{-1}`, `\k<name>` and so on; `null` when no reference stands here. */
function readReference(cursor: PatternCursor, offset: number): PatternNode | null {
  const digits = take(cursor, /[1-9]\d*/y)?.[0]
  if (digits !== undefined) {
    const number = Number(digits)
    if (number < 10 || digits[0] === '8' || digits[0] === '9' || number <= cursor.groups) {
      return refer(cursor, number, offset)
    }
    cursor.at = offset + 1
    return null
  }
  const numbered = take(cursor, /g(?:\{([+-]?)(\d+)\}|([+-]?)(\d+))/y)
  if (numbered !== null) {
    const sign = numbered[1] || numbered[3] || ''
    const number = Number(numbered[2] ?? numbered[4])
    if (sign === '') return refer(cursor, number, offset)
    return refer(cursor, sign === '-' ? cursor.groups + 1 - number : cursor.groups + number, offset)
  }
  const named = take(cursor, /(?:k<(\w+)>|k'(\w+)'|[kg]\{(\w+)\})/y)
  if (named !== null) return refer(cursor, named[1] ?? named[2] ?? named[3] ?? '', offset)
  if (take(cursor, /g[<']/y) !== null) refuse('subroutine call \\g is not supported', offset)
  return null
}

function refer(cursor: PatternCursor, target: number | string, offset: number): PatternNode {
  cursor.references.push({ target, offset })
  return { kind: 'reference', number: -cursor.references.length, ignoresCase: cursor.flags.ignoreCase }
}

function readGroup(cursor: PatternCursor, offset: number): PatternNode {
  if (cursor.depth >= maxDepth) refuse(`groups nested deeper than ${maxDepth}`, offset)
  const outer = cursor.flags
  const head = readGroupHead(cursor, offset)
  if (head.kind === 'flags') {
    cursor.flags = readFlags(cursor.flags, head.text, offset)
    return nothing
  }
  if (head.kind === 'named-reference') return refer(cursor, head.name, offset)
  cursor.depth += 1
  if (head.kind === 'plain' && head.text !== '') cursor.flags = readFlags(cursor.flags, head.text, offset)
  const number = head.kind === 'capture' ? ++cursor.groups : 0
  if (head.kind === 'capture' && head.name !== null) nameGroup(cursor, head.name, offset)
  const part = readAlternatives(cursor, head.kind === 'branch-reset' ? cursor.groups : null)
  if (cursor.isQuoted || !skip(cursor, ')')) refuse('group without its closing parenthesis', offset)
  cursor.depth -= 1
  cursor.flags = outer
  if (head.kind === 'capture') return { kind: 'group', number, part }
  if (head.kind === 'atomic') return { kind: 'atomic', part, offset }
  if (head.kind === 'look') return { kind: 'look', isAhead: head.isAhead, isNegated: head.isNegated, part }
  return part
}

function nameGroup(cursor: PatternCursor, name: string, offset: number): void {
  const known = cursor.names.get(name)
  if (known !== undefined && known !== cursor.groups) refuse(`second group named ${name}`, offset)
  cursor.names.set(name, cursor.groups)
}

/** Gives references the numbers of their groups, which may stand after them. */
function resolveReferences(cursor: PatternCursor, tree: PatternNode): PatternNode {
  if (cursor.references.length === 0) return tree
  const numbers = cursor.references.map(({ target, offset }) => {
    const number = typeof target === 'number' ? target : (cursor.names.get(target) ?? 0)
    if (number < 1 || number > cursor.groups) refuse(`reference to a group that does not exist: ${target}`, offset)
    return number
  })
  const resolve = (node: PatternNode): PatternNode => {
    if (node.kind === 'reference') return { ...node, number: numbers[-node.number - 1] ?? 0 }
    return node.kind === 'set' ? node : withParts(node, resolve)
  }
  return resolve(tree)
}
