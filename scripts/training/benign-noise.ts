import type { Random } from '../../src/core/random.ts'
import { between, letters, pick } from './grammar.ts'
import { name, terminals } from './terminals.ts'

/**
 * What programs send each other: telemetry, delimited codes, nested addresses, binary messages. Their shapes are made
 * up at random, so that the scorer learns that no separator means anything by itself.
 */
export type Maker = (random: Random) => string

const alphanumeric = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const atoms = [
  'int',
  'word',
  'name',
  'Name',
  'float',
  'hex',
  'uuid',
  'token',
  'domain',
  'base64',
  'letter',
  'digit',
  'hex2',
  'year',
  'ip',
]

const atom: Maker = (random) => {
  const kind = random()
  if (kind < 0.15) return letters(alphanumeric, between(1, 4, random), random)
  if (kind < 0.25) return letters(alphanumeric, between(1, 3, random), random).toUpperCase()
  if (kind < 0.3) return letters(alphanumeric, between(12, 60, random), random)
  return (terminals[pick(atoms, random)] ?? name)(random)
}

const separators = [
  ',',
  ';',
  '|',
  '~',
  ':',
  '&',
  '=',
  '+',
  '/',
  '_',
  '-',
  '.',
  '!',
  '*',
  '^',
  '@',
  '#',
  '$',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '<',
  '>',
  '"',
  "'",
  '\\',
  ' ',
  '%',
  '::',
  '||',
  '--',
  '=>',
  '->',
  ',,',
  '==',
  '&&',
  '~~',
  ', ',
  ': ',
  '; ',
  '\t',
  '\n',
  '\r\n',
  '?',
  '`',
]

/** Atoms between a few separators, as programs pack lists and records. */
const delimited: Maker = (random) => {
  const chosen = Array.from({ length: between(1, 4, random) }, () => pick(separators, random))
  let text = random() < 0.15 ? pick(separators, random) : ''
  for (let count = between(1, random() < 0.1 ? 200 : 20, random); count > 0; count -= 1) {
    text += (random() < 0.08 ? '' : atom(random)) + pick(chosen, random)
  }
  return random() < 0.5 ? text : text + atom(random)
}

const key: Maker = (random) => {
  const kind = random()
  if (kind < 0.3) return letters('abcdefghijklmnopqrstuvwxyz', between(1, 2, random), random)
  if (kind < 0.45) return letters('ABCDEFGHIJKLMNOPQRSTUVWXYZ', between(1, 4, random), random)
  if (kind < 0.6) return `${name(random)}_${name(random)}`
  if (kind < 0.7) return name(random) + (terminals['Name'] ?? name)(random)
  if (kind < 0.75) return `$${name(random)}`
  if (kind < 0.8) return `${name(random)}.${name(random)}`
  if (kind < 0.83) return `@${name(random)}`
  if (kind < 0.86) return `${name(random)}-${name(random)}`
  return name(random)
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

function json(random: Random, depth: number): Json {
  const kind = random()
  if (depth > 0 && kind < 0.3) return Array.from({ length: between(0, 6, random) }, () => json(random, depth - 1))
  if (depth > 0 && kind < 0.6) {
    return Object.fromEntries(
      Array.from({ length: between(0, 7, random) }, () => [key(random), json(random, depth - 1)]),
    )
  }
  if (kind < 0.75) return between(-2, 10 ** between(1, 13, random), random)
  if (kind < 0.8) return random() < 0.5 ? random() : null
  if (kind < 0.84) return random() < 0.5
  if (kind < 0.87) return ''
  if (kind < 0.9) return address(random)
  if (kind < 0.94) return delimited(random).slice(0, 80)
  return atom(random)
}

/** JSON of any shape, also inside other text. */
const telemetry: Maker = (random) => {
  const depth = between(1, 4, random)
  const list = Array.from({ length: between(1, random() < 0.3 ? 12 : 3, random) }, () => json(random, depth))
  const value = random() < 0.5 ? list : Object.fromEntries(list.map((member) => [key(random), member]))
  const text = random() < 0.1 ? JSON.stringify(value, null, 2) : JSON.stringify(value)
  const wrap = random()
  if (wrap < 0.12) return JSON.stringify(text)
  if (wrap < 0.17) return JSON.stringify({ [key(random)]: text })
  if (wrap < 0.2) return JSON.stringify(JSON.stringify(text))
  if (wrap < 0.25) return `<${name(random)}><T>${name(random)}</T><D><![CDATA[${text}]]></D></${name(random)}>`
  if (wrap < 0.3) return `${key(random)}=${text}&${key(random)}=${atom(random)}`
  if (wrap < 0.34) return text.replaceAll('"', "'")
  if (wrap < 0.38) return text.replaceAll('"', '')
  if (wrap < 0.41) return `${name(random)}(${text})${random() < 0.5 ? ';' : ''}`
  if (wrap < 0.44) return text.split(',').join(',\n')
  if (wrap < 0.47) return `${text}\n${text}`
  return text
}

/** What stands behind an equals sign, by how often. */
const parameterValue: Maker = (random) => {
  const kind = random()
  if (kind < 0.12) return address(random)
  if (kind < 0.2) return delimited(random).slice(0, 60)
  if (kind < 0.25) return JSON.stringify(json(random, 1))
  if (kind < 0.32) {
    const words = Array.from({ length: between(2, 6, random) }, () => name(random))
    return words.join(pick(['+', ' ', '%20', '-'], random))
  }
  return kind < 0.38 ? '' : atom(random)
}

const parameter: Maker = (random) => {
  const index = random() < 0.04 ? `[${key(random)}]` : ''
  return `${key(random)}${index}=${parameterValue(random)}`
}

/** Addresses within addresses, as redirects and page counters carry them. */
const address: Maker = (random) => {
  const path = Array.from({ length: between(0, 5, random) }, () => atom(random)).join('/')
  const scheme = pick(['https://', 'https://', '//', '/', ''], random)
  const start = `${scheme}${(terminals['domain'] ?? name)(random)}/${path}`
  const pairs = Array.from({ length: between(0, random() < 0.2 ? 25 : 6, random) }, () => parameter(random))
  return start + (pairs.length === 0 ? '' : `${pick(['?', '?', '?', '#', ';', '/?'], random)}${pairs.join('&')}`)
}

/** Words and addresses between bytes that are no text. */
const binary: Maker = (random) => {
  const byte = (): string => String.fromCharCode(random() < 0.5 ? between(0, 31, random) : between(0, 255, random))
  const isUtf8 = random() < 0.3
  let text = ''
  for (let count = between(2, 80, random); count > 0; count -= 1) {
    const kind = random()
    if (kind < 0.6) text += Array.from({ length: between(1, 8, random) }, byte).join('')
    else if (kind < 0.8) text += atom(random)
    else if (kind < 0.85) text += address(random).slice(0, 120)
    else text += letters(alphanumeric, between(1, 30, random), random)
  }
  return isUtf8 ? Buffer.from(text, 'latin1').toString('utf8') : text
}

/** What compression and encryption leave: every byte as likely as any other. */
const bytes: Maker = (random) =>
  Array.from({ length: between(16, 1_500, random) }, () => String.fromCharCode(between(0, 255, random))).join('')

const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('')

/** Keys and codes in alphabets with punctuation. */
const scrambled: Maker = (random) => letters(printable, between(6, random() < 0.15 ? 600 : 60, random), random)

const element: Maker = (random) =>
  pick(
    [
      'DIV',
      'SPAN',
      'A',
      'LI',
      'UL',
      'IMG',
      'INPUT',
      'BUTTON',
      'SCRIPT',
      'STYLE',
      'svg',
      'path',
      'body',
      'html',
      'td',
      'form',
      'iframe',
      'label',
      'h1',
      'p',
    ],
    random,
  )

/** Places within pages, as click counters name them. */
const selector: Maker = (random) =>
  Array.from({ length: between(1, 9, random) }, () => {
    const kind = random()
    if (kind < 0.2) return `${element(random)}#${name(random)}`
    if (kind < 0.5) return `${element(random)}.${name(random)}${random() < 0.3 ? `.${name(random)}` : ''}`
    if (kind < 0.7) return `${element(random)}:nth-child(${between(1, 20, random)})`
    if (kind < 0.8) return `${element(random)}[${between(0, 20, random)}]`
    if (kind < 0.85) return `<${element(random)}`
    return element(random)
  }).join(pick([' > ', '>', '/', ' ', '|', '<', ';'], random))

export const noise: readonly { readonly name: string; readonly make: Maker; readonly count: number }[] = [
  { name: 'delimited', make: delimited, count: 12_000 },
  { name: 'telemetry', make: telemetry, count: 12_000 },
  { name: 'address', make: address, count: 8_000 },
  { name: 'binary', make: binary, count: 4_000 },
  { name: 'bytes', make: bytes, count: 800 },
  { name: 'scrambled', make: scrambled, count: 4_000 },
  { name: 'selector', make: selector, count: 2_000 },
]
