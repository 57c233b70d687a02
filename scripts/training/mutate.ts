import type { Random } from '../../src/core/random.ts'
import { canonicalText } from '../../src/request/canonical-text.ts'
import { pick } from './grammar.ts'

/** Rounds of decoding, as in the default settings. */
const maxDecodeDepth = 5

const alternateCase = (text: string, random: Random): string =>
  text.replace(/[a-z]/gi, (letter) => (random() < 0.5 ? letter.toUpperCase() : letter.toLowerCase()))

const blanks = ['\t', '\n', '/**/', '+', '  ', '\r\n', '\f', '/*x*/', '%09', '%a0']

const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** Ways in which one text may be written on its way; most of them are undone before anything reads the value. */
const encoders: readonly ((text: string, random: Random) => string)[] = [
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => encodeURIComponent(encodeURIComponent(text.toWellFormed())),
  (text) => percent(text),
  (text) => text.replace(/[<>"'&]/g, (character) => `&#${character.charCodeAt(0)};`),
  (text) => text.replace(/[<>"'&(){}$]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/[a-z<>]/gi, (character) => `&#x${character.charCodeAt(0).toString(16)};`),
  (text) => text.replace(/[<>'"]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/[<>'"/.]/g, (character) => `%u00${character.charCodeAt(0).toString(16)}`),
  (text, random) => text.replace(/./gs, (character) => (random() < 0.3 ? percent(character) : character)),
  (text) => text.replaceAll('"', '\\"'),
  (text) => text.replaceAll(' ', '+'),
]

/** The same attack in another spelling. */
export function respell(payload: string, random: Random): string {
  let text = payload
  const style = random()
  if (style < 0.08) text = text.toUpperCase()
  else if (style < 0.16) text = alternateCase(text, random)
  if (random() < 0.15) text = text.replaceAll(' ', pick(blanks, random))
  if (random() < 0.2) text = pick(encoders, random)(text, random)
  return text
}

/** A payload where attackers put it: alone, behind and before harmless text, in an address, in a document. */
export function embed(payload: string, harmless: { text: () => string; value: () => string }, random: Random): string {
  const place = random()
  if (place < 0.5) return payload
  if (place < 0.58) return `${harmless.text()} ${payload}`
  if (place < 0.64) return `${harmless.text()} ${payload} ${harmless.text()}`
  if (place < 0.7) return `${payload} ${harmless.text()}`
  if (place < 0.78) return harmless.value() + payload
  if (place < 0.84) return `${harmless.value()}${payload}${harmless.value()}`
  if (place < 0.9) return `https://www.example.com/search?q=${payload}&page=2`
  if (place < 0.95) return `{"id":17,"name":"${payload}","tags":["a","b"]}`
  return `<p>${harmless.text()}</p>${payload}<p>${harmless.text()}</p>`
}

/** What a layer reads of a value on the wire. */
export const canonical = (text: string): string => canonicalText(text, maxDecodeDepth).value
