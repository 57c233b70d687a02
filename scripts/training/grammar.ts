import type { Random } from '../../src/core/random.ts'

/**
 * A grammar: a name gives alternatives, in which `§name§` stands for another name. Names without alternatives are
 * terminals, made by a function.
 */
export type Grammar = Readonly<Record<string, readonly string[]>>
export type Terminals = Readonly<Record<string, (random: Random) => string>>

const maxDepth = 24

/** One random text of a name. */
export function expand(start: string, rules: Rules, random: Random): string {
  return expandText(`§${start}§`, rules, random)
}

export type Rules = { readonly grammar: Grammar; readonly terminals: Terminals }

/** A text with every name in it replaced. Throws when a name is unknown or the grammar does not end. */
export function expandText(text: string, rules: Rules, random: Random): string {
  const fill = (template: string, depth: number): string =>
    template.replace(/§([\w-]+)§/g, (_, name: string) => {
      const terminal = rules.terminals[name]
      if (terminal !== undefined) return terminal(random)
      const alternatives = rules.grammar[name]
      if (alternatives === undefined) throw new RangeError(`the grammar does not know §${name}§`)
      if (depth > maxDepth) throw new RangeError(`the grammar does not end at §${name}§`)
      return fill(pick(alternatives, random), depth + 1)
    })
  return fill(text, 0)
}

/** One of many, each as likely. */
export function pick<T>(from: readonly T[], random: Random): T {
  if (from.length === 0) throw new RangeError('nothing to pick from')
  return from[Math.floor(random() * from.length)] as T
}

/** A whole number of `min` to `max`. */
export function between(min: number, max: number, random: Random): number {
  return min + Math.floor(random() * (max - min + 1))
}

/** `count` characters of an alphabet. */
export function letters(alphabet: string, count: number, random: Random): string {
  return Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)] ?? '').join('')
}
