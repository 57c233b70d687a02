import { letterClass, newline } from './character-sets.ts'
import { fold } from './fold.ts'
import { type PatternCursor, refuse, skip, take } from './pattern-cursor.ts'
import { choice, nothing, type PatternNode, sequence, withParts } from './pattern-node.ts'
import { bytePlaces, type PatternPlaces, textPlaces } from './pattern-places.ts'
import { complement, type Ranges } from './ranges.ts'
import { readClass } from './read-class.ts'
import { readCharacterEscape } from './read-escape.ts'
import { readFlags, readGroupHead } from './read-group.ts'
import { readQuantifier } from './read-quantifier.ts'

export type PatternFlags = { readonly ignoreCase?: boolean; readonly dotAll?: boolean; readonly multiline?: boolean }

/** PCRE2 has the same limit on nesting. */
const maxDepth = 250

const placeNames: ReadonlyMap<string, keyof PatternPlaces> = new Map([
  ['A', 'begin'],
  ['G', 'begin'],
  ['z', 'end'],
  ['Z', 'lastLineEnd'],
  ['b', 'wordEdge'],
  ['B', 'noWordEdge'],
] as const)
const placesOf = ({ dialect }: PatternCursor): PatternPlaces => (dialect === 'pcre' ? bytePlaces : textPlaces)
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
export function parsePcre(source: string, { ignoreCase, dotAll, multiline }: PatternFlags): PatternNode {
  const wide = /[^\0-\xff]/.exec(source)
  if (wide !== null) refuse('character above U+00FF in a byte pattern', wide.index)
  const flags = { ignoreCase: ignoreCase ?? false, dotAll: dotAll ?? true, multiline: multiline ?? true }
  return parse(source, { dialect: 'pcre', lastCode: 0xff, ...flags })
}

/** Reads a pattern that the RE2 library has accepted; throws PatternError when it would not be understood in full. */
export function parseRe2(source: string): PatternNode {
  const flags = { ignoreCase: false, dotAll: false, multiline: false }
  return parse(source, { dialect: 're2', lastCode: 0x10ffff, ...flags })
}

type ParseOptions = Pick<PatternCursor, 'dialect' | 'lastCode'> & Required<PatternFlags>

function parse(source: string, { dialect, lastCode, ...flags }: ParseOptions): PatternNode {
  const cursor: PatternCursor = {
    source,
    dialect,
    lastCode,
    at: 0,
    flags: { ...flags, isExtended: false, isExtendedMore: false, noCapture: false, isUngreedy: false },
    isQuoted: false,
    groups: 0,
    names: new Map(),
    references: [],
    depth: 0,
  }
  const tree = readAlternatives(cursor, null)
  if (cursor.at < source.length) refuse('closing parenthesis without its group', cursor.at)
  return resolveReferences(cursor, tree)
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
  const code = cursor.source.codePointAt(cursor.at) ?? 0
  const char = String.fromCodePoint(code)
  cursor.at += char.length
  if (cursor.isQuoted) return literal(cursor, code)
  const { dotAll, multiline } = cursor.flags
  const places = placesOf(cursor)
  switch (char) {
    case '(':
      return readGroup(cursor, offset)
    case '[':
      return readClass(cursor)
    case '.':
      return set(dotAll ? [0, cursor.lastCode] : complement(newline, cursor.lastCode))
    case '^':
      return multiline ? places.lineBegin : places.begin
    case '$':
      return multiline ? places.lineEnd : cursor.dialect === 'pcre' ? places.lastLineEnd : places.end
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
      return literal(cursor, code)
  }
}

const literal = (cursor: PatternCursor, code: number): PatternNode => set(fold(cursor, [code, code]))

function readEscape(cursor: PatternCursor, offset: number): PatternNode {
  const letter = cursor.source.charAt(cursor.at)
  const known = letterClass(cursor, letter)
  const place = placeNames.get(letter)
  const reference = known === null && place === undefined ? readReference(cursor, offset) : null
  if (reference !== null) return reference
  if (known === null && place === undefined && !'NRCKX'.includes(letter)) {
    return literal(cursor, readCharacterEscape(cursor, offset))
  }
  if (letter === '') refuse('backslash at the end', offset)
  cursor.at += 1
  if (known !== null) return set(known)
  if (place !== undefined) return placesOf(cursor)[place]
  if (letter === 'N' && take(cursor, /(?=\{(?:U\+|[^\d,]))/y) === null) return set(complement(newline, cursor.lastCode))
  if (letter === 'R') return anyNewline(offset)
  if (letter === 'C') return set([0, cursor.lastCode])
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
