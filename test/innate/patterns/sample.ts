import type { PatternNode } from '../../../src/innate/patterns/pattern-node.ts'
import { type Ranges, sizeOf } from '../../../src/innate/patterns/ranges.ts'

/** Whole numbers below a bound, the same for the same seed. */
export type Dice = (below: number) => number

export function createDice(seed: number): Dice {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A text that the pattern matches, but for what its looks and places ask; not longer than it has to be by much. */
export function sampleText(tree: PatternNode, dice: Dice): string {
  const groups = new Map<number, string>()
  const sample = (node: PatternNode): string => {
    switch (node.kind) {
      case 'set':
        return memberOf(node.ranges, dice)
      case 'all':
        return node.parts.map(sample).join('')
      case 'any':
        return sample(node.parts[dice(node.parts.length)] ?? { kind: 'all', parts: [] })
      case 'repeat': {
        const count = Math.min(node.max, node.min + (dice(3) === 0 ? dice(4) : dice(2)))
        return Array.from({ length: count }, () => sample(node.part)).join('')
      }
      case 'group': {
        const text = sample(node.part)
        groups.set(node.number, text)
        return text
      }
      case 'atomic':
        return sample(node.part)
      case 'reference':
        return groups.get(node.number) ?? ''
      default:
        return ''
    }
  }
  return sample(tree)
}

/** A member of a set, printable more often than not. */
function memberOf(ranges: Ranges, dice: Dice): string {
  const size = sizeOf(ranges)
  if (size === 0) return ''
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const code = nth(ranges, dice(size))
    if (code >= 32 && code < 127) return String.fromCharCode(code)
  }
  return String.fromCodePoint(nth(ranges, dice(size)))
}

function nth(ranges: Ranges, index: number): number {
  let left = index
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0
    const size = (ranges[at + 1] ?? 0) - from + 1
    if (left < size) return from + left
    left -= size
  }
  return 0
}

/** The text with something put in, taken out, repeated or in the other case. */
export function mutate(text: string, dice: Dice): string {
  const at = dice(text.length + 1)
  const to = at + dice(4)
  switch (dice(6)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(dice(256)) + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(to)
    case 2:
      return text.slice(0, to) + text.slice(at)
    case 3:
      return text.toUpperCase()
    case 4:
      return `${'x y='.slice(dice(4))}${text}${' z'.slice(dice(2))}`
    default:
      return text
  }
}
