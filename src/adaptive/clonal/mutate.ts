import type { Random } from '../../core/random.ts'

/** One change of the text of a confirmed attack that leaves it the same attack. */
export type Mutation = (text: string, random: Random) => string

const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)] as T

/** Words that can stand for each other. */
const synonyms: readonly (readonly string[])[] = [
  ['sleep', 'benchmark', 'pg_sleep', 'waitfor'],
  ['alert', 'confirm', 'prompt'],
  ['passwd', 'shadow', 'group', 'hosts'],
  ['cat', 'tac', 'more', 'head', 'tail'],
  ['ldap', 'rmi', 'dns', 'ldaps'],
  ['onerror', 'onload', 'onfocus', 'onmouseover'],
  ['id', 'whoami', 'uname'],
  ['curl', 'wget'],
]
const swaps = new Map(synonyms.flatMap((words) => words.map((word) => [word, words] as const)))
const blanks = [' ', '\t', '\n', '  ', '/**/']
const delimiters = [';', '|', '&&', '||', '\n']
const logic = new Map([
  ['or', '||'],
  ['and', '&&'],
  ['||', 'or'],
  ['&&', 'and'],
])

/** A letter's case at a time; for what compares text exactly. */
const flipCase: Mutation = (text, random) =>
  text.replace(/[a-z]/gi, (letter) => (random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase()))
const synonym: Mutation = (text, random) =>
  text.replace(/\w+/g, (word) => pick(swaps.get(word.toLowerCase()) ?? [word], random))
const otherNumbers: Mutation = (text, random) => text.replace(/\d+/g, () => String(1 + Math.floor(random() * 9_999)))
const otherBlanks: Mutation = (text, random) => {
  const blank = pick(blanks, random)
  return text.replaceAll(' ', blank)
}
const otherQuotes: Mutation = (text) => text.replace(/['"]/g, (quote) => (quote === '"' ? "'" : '"'))
const withoutQuotes: Mutation = (text) => text.replace(/['"]/g, '')
const otherDelimiters: Mutation = (text, random) => {
  const delimiter = pick(delimiters, random)
  return text.replace(/;|\|\||&&|\|/g, () => delimiter)
}
const otherLogic: Mutation = (text) =>
  text.replace(/\b(?:or|and)\b|\|\||&&/gi, (word) => logic.get(word.toLowerCase()) ?? word)
const otherSlashes: Mutation = (text) => text.replace(/[\\/]/g, (slash) => (slash === '/' ? '\\' : '/'))
const splitByComment: Mutation = (text, random) =>
  text.replace(/\b[a-z]{5,}\b/gi, (word) => (random() < 0.5 ? word : `${word.slice(0, 2)}/**/${word.slice(2)}`))

/** All mutations of text; encodings are undone before a value is read and need none. */
export const mutations: readonly Mutation[] = [
  flipCase,
  synonym,
  otherNumbers,
  otherBlanks,
  otherQuotes,
  withoutQuotes,
  otherDelimiters,
  otherLogic,
  otherSlashes,
  splitByComment,
]

/** A clone of a text after so many mutations by chance. */
export function mutate(text: string, steps: number, random: Random): string {
  let changed = text
  for (let step = 0; step < steps; step += 1) changed = pick(mutations, random)(changed, random)
  return changed
}
