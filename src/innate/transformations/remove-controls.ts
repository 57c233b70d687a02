import type { Transformation } from './transformation.ts'

const isDropped = (code: number): boolean => code < 32 || code === 127

const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))

export const removeControls: Transformation = {
  name: 'removeControls',
  means:
    'Removes tabs, line ends, NUL and other controls, as browsers do inside URL schemes and tag names; keeps spaces.',
  apply: (text) => {
    let out = ''
    let start = 0
    for (let index = 0; index < text.length; index += 1) {
      if (!isDropped(text.charCodeAt(index))) continue
      out += text.slice(start, index)
      start = index + 1
    }
    return start === 0 ? text : out + text.slice(start)
  },
  triggers: ['\x7f', ...controls],
}
