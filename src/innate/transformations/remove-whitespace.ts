import type { Transformation } from './transformation.ts'

const controls = Array.from({ length: 33 }, (_, code) => String.fromCharCode(code))

export const removeWhitespace: Transformation = {
  name: 'removeWhitespace',
  means: 'Removes spaces, tabs, line ends and other controls.',
  apply: (text) => {
    let out = ''
    let start = 0
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 32 && code !== 127) continue
      out += text.slice(start, index)
      start = index + 1
    }
    return start === 0 ? text : out + text.slice(start)
  },
  triggers: ['\x7f', ...controls],
}
