import { isSpace, scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

const spaces = ['\t', '\n', '\v', '\f', '\r', ' ']

export const removeWhitespace: SecTransformation = {
  name: 'removeWhitespace',
  means: 'Removes white space and no-break spaces (the bytes C2 and A0, wherever they stand).',
  apply: (text) => (/[\t-\r \xa0\xc2]/.test(text) ? text.replace(/[\t-\r \xa0\xc2]+/g, '') : text),
  triggers: [],
}

export const compressWhitespace: SecTransformation = {
  name: 'compressWhitespace',
  means: 'Turns each run of white space into one space.',
  apply: (text) => (/[\t-\r]| {2}/.test(text) ? squeeze(text) : text),
  triggers: ['\t', '\n', '\v', '\f', '\r', '  '],
}

function squeeze(text: string): string {
  const out = scratch(text.length)
  let size = 0
  let isInRun = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (!isSpace(code)) out[size++] = code
    else if (!isInRun) out[size++] = 32
    isInRun = isSpace(code)
  }
  return textOf(out, size, text)
}

function startOf(text: string): number {
  let start = 0
  while (start < text.length && isSpace(text.charCodeAt(start))) start += 1
  return start
}

function endOf(text: string): number {
  let end = text.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end -= 1
  return end
}

export const trimLeft: SecTransformation = {
  name: 'trimLeft',
  means: 'Removes white space at the start.',
  apply: (text) => text.slice(startOf(text)),
  triggers: spaces,
}

export const trimRight: SecTransformation = {
  name: 'trimRight',
  means: 'Removes white space at the end.',
  apply: (text) => text.slice(0, endOf(text)),
  triggers: spaces,
}

export const trim: SecTransformation = {
  name: 'trim',
  means: 'Removes white space at both ends.',
  apply: (text) => {
    const start = startOf(text)
    return start === text.length ? '' : text.slice(start, endOf(text))
  },
  triggers: spaces,
}
