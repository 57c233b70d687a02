import type { Random } from '../../src/core/random.ts'
import { between, letters, pick, type Terminals } from './grammar.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const hex = '0123456789abcdef'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const token = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const syllables = [
  'ka',
  'to',
  'mi',
  're',
  'lun',
  'sa',
  'ber',
  'ni',
  'vo',
  'dra',
  'el',
  'ti',
  'gor',
  'pa',
  'shi',
  'an',
  'os',
]
const tops = [
  'com',
  'net',
  'org',
  'io',
  'de',
  'fr',
  'cn',
  'co.uk',
  'dev',
  'app',
  'ru',
  'com.br',
  'jp',
  'example',
  'test',
]
const hosts = ['www', 'api', 'cdn', 'img', 'shop', 'static', 'auth', 'm', 'news', 'blog', 'files']

/** A name that means nothing. */
export const name = (random: Random): string =>
  Array.from({ length: between(2, 3, random) }, () => pick(syllables, random)).join('')

const domain = (random: Random): string =>
  `${random() < 0.5 ? `${pick(hosts, random)}.` : ''}${name(random)}.${pick(tops, random)}`
const octets = (random: Random): number[] => Array.from({ length: 4 }, () => between(1, 254, random))
const uuid = (random: Random): string => [8, 4, 4, 4, 12].map((count) => letters(hex, count, random)).join('-')

/** What attacks and harmless values have in common. */
export const terminals: Terminals = {
  int: (random) => String(between(0, 10 ** between(1, 6, random), random)),
  digit: (random) => letters(digits, 1, random),
  word: (random) => letters(lower, between(2, 8, random), random),
  letter: (random) => letters(lower, 1, random),
  name,
  Name: (random) => {
    const text = name(random)
    return text[0]?.toUpperCase() + text.slice(1)
  },
  hex: (random) => letters(hex, between(8, 40, random), random),
  hex2: (random) => letters(hex, 2, random),
  base64: (random) => letters(base64, 4 * between(4, 30, random), random) + pick(['', '=', '=='], random),
  token: (random) => letters(token, between(8, 64, random), random),
  jwtHead: () => 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
  uuid,
  domain,
  ip: (random) => octets(random).join('.'),
  year: (random) => String(between(1990, 2030, random)),
  port: (random) => String(pick([80, 443, 3000, 8000, 8080, 8443, 22, 6379, 9200, 5000], random)),
  float: (random) => `${between(0, 999, random)}.${letters(digits, between(1, 6, random), random)}`,
}
