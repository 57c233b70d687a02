import { letterClass, namedClasses } from './character-sets.ts'
import { fold } from './fold.ts'
import { type Item, type PatternCursor, refuse, skip, take } from './pattern-cursor.ts'
import type { PatternNode } from './pattern-node.ts'
import { complement, type Ranges, unite } from './ranges.ts'
import { readCharacterEscape } from './read-escape.ts'

/** Reads a class behind its opening bracket. */
export function readClass(cursor: PatternCursor): PatternNode {
  const opened = cursor.at - 1
  const isNegated = skip(cursor, '^')
  const collected: number[] = []
  for (let isFirst = true; ; isFirst = false) {
    if (!skipNoise(cursor)) refuse('class without its closing bracket', opened)
    const quoted = cursor.isQuoted
    if (!quoted && !isFirst && skip(cursor, ']')) break
    collected.push(...readMember(cursor, opened))
  }
  const ranges = fold(cursor, unite(collected))
  return { kind: 'set', ranges: isNegated ? complement(ranges, cursor.lastCode) : ranges }
}

/** Passes the marks of quoting and, where flags say so, blanks; false at the end of the pattern. */
function skipNoise(cursor: PatternCursor): boolean {
  for (;;) {
    if (cursor.isQuoted && skip(cursor, '\\E')) cursor.isQuoted = false
    else if (!cursor.isQuoted && skip(cursor, '\\Q')) cursor.isQuoted = true
    else if (!cursor.isQuoted && skip(cursor, '\\E')) continue
    else if (!cursor.isQuoted && cursor.flags.isExtendedMore && take(cursor, /[ \t]/y) !== null) continue
    else return cursor.at < cursor.source.length
  }
}

/** One character, range or named set. */
function readMember(cursor: PatternCursor, opened: number): Ranges {
  const offset = cursor.at
  const first = readItem(cursor, opened)
  if (!first.isOne) return first.ranges
  const before = cursor.at
  const wasQuoted = cursor.isQuoted
  if (skipNoise(cursor) && !cursor.isQuoted && cursor.source[cursor.at] === '-') {
    cursor.at += 1
    if (skipNoise(cursor) && (cursor.isQuoted || cursor.source[cursor.at] !== ']')) {
      const hyphen = cursor.at
      const last = readItem(cursor, opened)
      if (last.isOne) {
        const from = first.ranges[0] ?? 0
        const to = last.ranges[0] ?? 0
        if (from > to) refuse('class range that is out of order', offset)
        return [from, to]
      }
      cursor.at = hyphen
      return [...first.ranges, 45, 45]
    }
  }
  cursor.at = before
  cursor.isQuoted = wasQuoted
  return first.ranges
}

function readItem(cursor: PatternCursor, opened: number): Item {
  const offset = cursor.at
  const code = cursor.source.codePointAt(cursor.at) ?? 0
  if (!cursor.isQuoted && code === 91) {
    const named = take(cursor, /\[:(\^?)([a-z<>]*):\]/y)
    if (named !== null) return namedSet(cursor, named, offset)
    if (take(cursor, /\[([.=])[^\]]*\1\]/y) !== null) refuse('collating elements are not supported', offset)
  }
  cursor.at += code > 0xffff ? 2 : 1
  if (!cursor.isQuoted && code === 92) return readEscape(cursor, offset, opened)
  return one(code)
}

function namedSet(cursor: PatternCursor, [, caret, name = '']: RegExpExecArray, offset: number): Item {
  const known = namedClasses.get(name)
  if (known === undefined) refuse(`class name [:${name}:] is unknown`, offset)
  const ranges = fold(cursor, known)
  return { ranges: caret === '^' ? complement(ranges, cursor.lastCode) : ranges, isOne: false }
}

function readEscape(cursor: PatternCursor, offset: number, opened: number): Item {
  const letter = cursor.source[cursor.at] ?? ''
  if (letter === '') refuse('class without its closing bracket', opened)
  const known = letterClass(cursor, letter)
  if (known !== null) {
    cursor.at += 1
    return { ranges: known, isOne: false }
  }
  if (letter === 'b') {
    cursor.at += 1
    return one(8)
  }
  if ('BRXN'.includes(letter)) refuse(`\\${letter} has no meaning in a class`, offset)
  if (take(cursor, /[89]/y) !== null) return one(letter.charCodeAt(0))
  return one(readCharacterEscape(cursor, offset))
}

const one = (code: number): Item => ({ ranges: [code, code], isOne: true })
