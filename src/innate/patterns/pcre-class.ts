import { letterClasses, namedClasses, newline, not, word } from './byte-classes.ts'
import { type Item, type PatternCursor, refuse, skip, take } from './pattern-cursor.ts'
import type { PatternNode } from './pattern-node.ts'
import { readCharacterEscape } from './pcre-escape.ts'
import { foldCase, type Ranges, unite } from './ranges.ts'

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
  return { kind: 'set', ranges: isNegated ? not(ranges) : ranges }
}

const fold = ({ flags }: PatternCursor, ranges: Ranges): Ranges => (flags.ignoreCase ? foldCase(ranges) : ranges)

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
  const code = cursor.source.charCodeAt(cursor.at)
  if (!cursor.isQuoted && code === 91) {
    const named = take(cursor, /\[:(\^?)([a-z<>]*):\]/y)
    if (named !== null) return namedSet(cursor, named, offset)
    if (take(cursor, /\[([.=])[^\]]*\1\]/y) !== null) refuse('collating elements are not supported', offset)
  }
  cursor.at += 1
  if (!cursor.isQuoted && code === 92) return readEscape(cursor, offset, opened)
  return { ranges: [code, code], isOne: true }
}

function namedSet(cursor: PatternCursor, [, caret, name = '']: RegExpExecArray, offset: number): Item {
  let ranges = namedClasses.get(name)
  if (ranges === undefined) refuse(`class name [:${name}:] is unknown`, offset)
  if (cursor.flags.ignoreCase) ranges = foldCase(ranges)
  return { ranges: caret === '^' ? not(ranges) : ranges, isOne: false }
}

function readEscape(cursor: PatternCursor, offset: number, opened: number): Item {
  const letter = cursor.source[cursor.at] ?? ''
  if (letter === '') refuse('class without its closing bracket', opened)
  const known = letterClasses.get(letter)
  if (known !== undefined) {
    cursor.at += 1
    return { ranges: known, isOne: false }
  }
  if (letter === 'b') {
    cursor.at += 1
    return { ranges: [8, 8], isOne: true }
  }
  if ('BRXN'.includes(letter)) refuse(`\\${letter} has no meaning in a class`, offset)
  if (take(cursor, /[89]/y) !== null) return oneByte(letter.charCodeAt(0), offset)
  return oneByte(readCharacterEscape(cursor, offset), offset)
}

function oneByte(code: number, offset: number): Item {
  if (code > 0xff) refuse('character code above 0xff', offset)
  return { ranges: [code, code], isOne: true }
}

/** What `\N`, `\R` and `.` stand for. */
export const notNewline: Ranges = not(newline)
export const notWord: Ranges = not(word)
