import type { Transformation } from './transformation.ts'

const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))

/** A run of space and the ASCII controls that parsers skip. */
const isBlank = (code: number): boolean => code <= 32 || code === 127

export const collapseWhitespace: Transformation = {
  name: 'collapseWhitespace',
  means: 'Turns every run of spaces, tabs, line ends and other controls into one space.',
  apply: (text) => {
    let out = ''
    let start = 0
    for (let index = 0; index < text.length; index += 1) {
      if (!isBlank(text.charCodeAt(index))) continue
      let end = index + 1
      while (end < text.length && isBlank(text.charCodeAt(end))) end += 1
      if (end > index + 1 || text.charCodeAt(index) !== 32) {
        out += `${text.slice(start, index)} `
        start = end
      }
      index = end - 1
    }
    return start === 0 ? text : out + text.slice(start)
  },
  triggers: ['  ', '\x7f', ...controls],
}
