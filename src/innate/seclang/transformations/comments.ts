import { scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

const commentMark = /\/\*|\*\/|<!--|--|#/

export const replaceComments: SecTransformation = {
  name: 'replaceComments',
  means: 'Turns each block comment into one space; an open one runs to the end.',
  apply: (text) => (text.includes('/*') ? replace(text) : text),
  triggers: ['/*'],
}

export const removeComments: SecTransformation = {
  name: 'removeComments',
  means: 'Removes block and HTML comments; after -- or # everything.',
  apply: (text) => (/\/\*|<!--|--|#/.test(text) ? remove(text) : text),
  triggers: ['/*', '<!--', '--', '#'],
}

export const removeCommentsChar: SecTransformation = {
  name: 'removeCommentsChar',
  means: 'Removes the marks of comments and keeps what stands between them.',
  apply: (text) => (commentMark.test(text) ? text.replace(/\/\*|\*\/|<!--|-->|--|#/g, '') : text),
  triggers: ['/*', '*/', '--', '#'],
}

function replace(text: string): string {
  let out = ''
  let start = 0
  for (let at = text.indexOf('/*'); at >= 0; at = text.indexOf('/*', start)) {
    const close = text.indexOf('*/', at + 2)
    out += `${text.slice(start, at)} `
    if (close < 0) return out
    start = close + 2
  }
  return out + text.slice(start)
}

/** Where the comment that opens at a place ends, in the way of the reference: either mark closes either kind. */
function closeOf(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text.startsWith('*/', at)) return at + 2
    if (text.startsWith('-->', at)) return at + 3
  }
  return -1
}

/** Length of the mark that opens a comment here, 0 when there is none. */
function openingAt(text: string, at: number): number {
  if (text.startsWith('/*', at)) return 2
  return text.startsWith('<!--', at) ? 4 : 0
}

function remove(text: string): string {
  const { length } = text
  const out = scratch(length + 1)
  let size = 0
  let at = 0
  while (at < length) {
    const opening = openingAt(text, at)
    if (opening > 0) {
      at = closeOf(text, at + opening)
      if (at < 0) {
        out[size++] = 32
        break
      }
    } else if (text[at] === '#' || text.startsWith('--', at)) break
    // The byte after a comment is kept whatever it is.
    out[size++] = at < length ? text.charCodeAt(at) : 0
    at += 1
  }
  return textOf(out, size, text)
}
