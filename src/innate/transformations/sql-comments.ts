import type { Transformation } from './transformation.ts'

/**
 * Reads block comments as a database does: a plain one is `filler`, the inside of a MySQL version comment
 * (slash, star, `!50000union`) stays. An open comment runs to the end.
 */
export function rewriteComments(text: string, filler: string): string {
  let out = ''
  let start = 0
  let at = text.indexOf('/*')
  while (at >= 0) {
    out += text.slice(start, at)
    const close = text.indexOf('*/', at + 2)
    const end = close < 0 ? text.length : close
    if (text[at + 2] === '!') out += ` ${text.slice(skipVersion(text, at + 3), end)} `
    else out += filler
    start = close < 0 ? text.length : close + 2
    at = text.indexOf('/*', start)
  }
  return out + text.slice(start)
}

/** MySQL version numbers have five or six digits. */
function skipVersion(text: string, from: number): number {
  let at = from
  while (at < from + 6 && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1
  return at
}

export const sqlComments: Transformation = {
  name: 'sqlComments',
  means: 'Turns block comments into one space and keeps the inside of MySQL version comments.',
  apply: (text) => (text.includes('/*') ? rewriteComments(text, ' ') : text),
  triggers: ['/*'],
}
