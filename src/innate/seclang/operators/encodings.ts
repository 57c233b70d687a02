import { wholeText } from '../../operators/operator.ts'
import { hexByte } from '../byte-strings.ts'
import { characterWidth } from '../transformations/utf8-to-unicode.ts'
import { requireFixed } from './argument.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

export const validateByteRange: SecOperatorCompiler = {
  name: 'validateByteRange',
  means: 'The text has a byte outside the ranges, such as 9,10,32-126.',
  compile: (argument) => {
    const isAllowed = parseByteRanges(requireFixed('validateByteRange', argument))
    const firstOutside = (text: string): number => {
      for (let at = 0; at < text.length; at += 1) if (isAllowed[text.charCodeAt(at)] !== 1) return at
      return -1
    }
    return {
      name: 'validateByteRange',
      test: (subject) => firstOutside(subject.text) >= 0,
      locate: (subject) => {
        const start = Math.max(0, firstOutside(subject.text))
        return { start, end: start + 1 }
      },
      literals: [],
      isCheap: true,
    }
  },
}

function parseByteRanges(argument: string): Uint8Array {
  const isAllowed = new Uint8Array(256)
  for (const part of argument.split(',')) {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part)
    const first = Number(match?.[1] ?? Number.NaN)
    const last = Number(match?.[2] ?? first)
    if (!(first <= last && last <= 255)) {
      throw new Error(`@validateByteRange: ${JSON.stringify(part)} is no byte or range from 0 to 255, such as 32-126`)
    }
    isAllowed.fill(1, first, last + 1)
  }
  return isAllowed
}

export const validateUrlEncoding: SecOperatorCompiler = {
  name: 'validateUrlEncoding',
  means: 'The text has a percent sign that is not followed by two hexadecimal digits.',
  compile: () => {
    const firstWrong = (text: string): number => {
      for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) if (hexByte(text, at + 1) < 0) return at
      return -1
    }
    return {
      name: 'validateUrlEncoding',
      test: (subject) => firstWrong(subject.text) >= 0,
      locate: (subject) => {
        const start = Math.max(0, firstWrong(subject.text))
        return { start, end: Math.min(subject.text.length, start + 3) }
      },
      literals: [['%']],
      isCheap: true,
    }
  },
}

/** Stricter than the reference, which takes four bytes beyond U+10FFFF for valid. */
export const validateUtf8Encoding: SecOperatorCompiler = {
  name: 'validateUtf8Encoding',
  means: 'The text is no valid UTF-8.',
  compile: () => {
    const firstWrong = (text: string): number => {
      let at = text.search(/[^\0-\x7f]/)
      if (at < 0) return -1
      while (at < text.length) {
        const width = characterWidth(text, at)
        if (width === 0) return at
        at += width
      }
      return -1
    }
    return {
      name: 'validateUtf8Encoding',
      test: (subject) => firstWrong(subject.text) >= 0,
      locate: wholeText,
      literals: [],
      isCheap: true,
    }
  },
}
