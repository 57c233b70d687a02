import { sqlKinds } from './sql-token.ts'
import { wordClasses } from './sql-words.ts'

/** Words and phrases by number; 0 is no word. Built once, read without making a string. */
const entries: { readonly text: string; kind: number }[] = [{ text: '', kind: sqlKinds.bareword }]
const numbers = new Map<string, number>()
const phrases = new Map<number, number>()
const slotBits = 13
const slots = new Int16Array(1 << slotBits)

const lowerCode = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code)
const slotOf = (hash: number): number => (Math.imul(hash, 0x9e3779b1) >>> (32 - slotBits)) & (slots.length - 1)

/** Longest single word; a longer piece of text is no word of the dictionary. */
export const longestWord = 31

/** Number of the word that stands in `text` from `start` to `end`, in any case. */
export function findWord(text: string, start: number, end: number): number {
  const length = end - start
  if (length > longestWord || length < 1) return 0
  let hash = length
  for (let at = start; at < end; at += 1) hash = Math.imul(hash, 31) + lowerCode(text.charCodeAt(at))
  for (let slot = slotOf(hash); ; slot = (slot + 1) & (slots.length - 1)) {
    const number = slots[slot] ?? 0
    if (number === 0 || isWordAt(entries[number]?.text ?? '', text, start, length)) return number
  }
}

function isWordAt(word: string, text: string, start: number, length: number): boolean {
  if (word.length !== length) return false
  for (let at = 0; at < length; at += 1)
    if (lowerCode(text.charCodeAt(start + at)) !== word.charCodeAt(at)) return false
  return true
}

/** Number of the phrase that two words (or a phrase and a word) make, 0 for none. */
export const findPhrase = (left: number, right: number): number => phrases.get(left * 65536 + right) ?? 0

/** Kind of a word by number; a word that only means something in a phrase is a bareword. */
export const wordKind = (word: number): number => entries[word]?.kind ?? sqlKinds.bareword

/** Number of a word that other code asks about. */
export const wordNumber = (word: string): number => numbers.get(word) ?? 0

export const wordText = (word: number): string => entries[word]?.text ?? ''

function add(text: string, kind: number): number {
  const known = numbers.get(text)
  if (known !== undefined) {
    const entry = entries[known]
    if (entry !== undefined && kind !== sqlKinds.bareword) {
      if (entry.kind !== sqlKinds.bareword) throw new Error(`sql words: '${text}' stands in two classes`)
      entry.kind = kind
    }
    return known
  }
  const number = entries.push({ text, kind }) - 1
  numbers.set(text, number)
  if (!text.includes(' ')) place(text, number)
  return number
}

function place(text: string, number: number): void {
  let hash = text.length
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash, 31) + text.charCodeAt(at)
  let slot = slotOf(hash)
  while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
  slots[slot] = number
}

/** `is not distinct` is read as `is not` and then `distinct`: each beginning of a phrase has to be a phrase. */
function addPhrase(phrase: string, kind: number): void {
  const last = phrase.lastIndexOf(' ')
  const beginning = add(phrase.slice(0, last), sqlKinds.bareword)
  if (phrase.indexOf(' ') !== last && !phrases.has(pairKey(phrase.slice(0, last))))
    addPhrase(phrase.slice(0, last), sqlKinds.bareword)
  phrases.set(beginning * 65536 + add(phrase.slice(last + 1), sqlKinds.bareword), add(phrase, kind))
}

function pairKey(phrase: string): number {
  const last = phrase.lastIndexOf(' ')
  return (numbers.get(phrase.slice(0, last)) ?? 0) * 65536 + (numbers.get(phrase.slice(last + 1)) ?? 0)
}

for (const { kind, words } of wordClasses) for (const word of words.split(' ')) add(word, kind)
for (const { kind, phrases: list } of wordClasses) for (const phrase of list) addPhrase(phrase, kind)
