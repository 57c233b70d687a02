/** Skeletons of the grammar that plain text has too; here the characters behind the tokens decide. */
import { isBlank } from './sql-characters.ts'
import { wordText } from './sql-dictionary.ts'
import type { SqlWindow } from './sql-fold.ts'
import { sqlKinds as k, type SqlToken } from './sql-token.ts'

/** True when the skeleton, though known, says too little. `count`: tokens before folding. */
export function isTooLittle(text: string, window: SqlWindow, count: number): boolean {
  const [first, second, third] = window.slots
  if (first === undefined || second === undefined || third === undefined) return false
  if (window.size === 2) return isShortTail(text, first, second, count)
  if (window.size === 3) return isShortMiddle(first, second, third, count)
  return false
}

/** `perf --version`, `12 # of`, `1 union`. */
function isShortTail(text: string, first: SqlToken, second: SqlToken, count: number): boolean {
  if (second.kind === k.union) return count === 2
  if (second.kind !== k.comment) return false
  // SQL Server keeps a statement that names it out of its log.
  if (text.includes('sp_password')) return false
  const code = text.charCodeAt(second.start)
  if (code === 35) return true
  if (first.kind === k.bareword) return code !== 47
  if (first.kind === k.number && code === 47) return false
  if (first.kind === k.number) {
    if (count > 2) return false
    const after = text.charCodeAt(first.end)
    if (isBlank(after) || text.startsWith('--', first.end)) return false
    return true
  }
  return second.end - second.start > 2 && code === 45
}

/** `"a" - "b"`, `00 AND 3`, `'time' who`: three tokens that prose has as well. */
function isShortMiddle(first: SqlToken, second: SqlToken, third: SqlToken, count: number): boolean {
  const { kind } = second
  if (first.kind === k.string && third.kind === k.string && (kind === k.operator || kind === k.logic)) {
    const isBrokenOut = first.open === 0 && third.close === 0 && first.close === third.open
    return !isBrokenOut
  }
  if (kind === k.logic) return count === 3 && (first.kind !== k.string || third.kind === k.bareword)
  return kind === k.keyword && !wordText(second.word).startsWith('into ')
}
