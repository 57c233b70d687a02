import type { FieldLocation } from '../core/finding.ts'
import { compileGlob } from '../core/glob.ts'

/** Places a rule can look at: the locations of fields, and what belongs to the request as a whole. */
export type Place = FieldLocation | 'name' | 'url' | 'target' | 'oddity' | 'count'

/** One bit per place, so that a rule and a value meet with one AND. */
export const placeBits: Readonly<Record<Place, number>> = {
  method: 1,
  path: 2,
  query: 4,
  header: 8,
  cookie: 16,
  form: 32,
  multipart: 64,
  json: 128,
  xml: 256,
  body: 512,
  /** Name of a parameter. */
  name: 1_024,
  /** The whole canonical path. */
  url: 2_048,
  /** The request target as received. */
  target: 4_096,
  /** The kind of an oddity of the request. */
  oddity: 8_192,
  /** How many fields a selector finds. */
  count: 16_384,
}

export const argsBits: number = placeBits.query | placeBits.form | placeBits.json | placeBits.xml | placeBits.multipart

/** Headers whose form is fixed by browsers and proxies; only rules that name them look at them. */
const structuralHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'date',
  'dnt',
  'expect',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'origin',
  'pragma',
  'priority',
  'proxy-authorization',
  'range',
  'referer',
  'save-data',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
  'via',
  'x-requested-with',
])

export const isFreeHeader = (name: string): boolean => !structuralHeaders.has(name) && !name.startsWith('sec-')

/** Names that stand for several places. */
export const targetGroups: Readonly<Record<string, { readonly bits: number; readonly means: string }>> = {
  args: { bits: argsBits, means: 'query, form, json, xml and multipart values' },
  headers: { bits: placeBits.header, means: 'headers that browsers and proxies do not fix the form of' },
}

/** Which values a condition is about. */
export type Targets = {
  readonly source: readonly string[]
  /** Places of which at least one value may be looked at. */
  readonly bits: number
  readonly accepts: (bit: number, name: string) => boolean
  /** Set when the condition is about how many fields a selector finds. */
  readonly counts: boolean
}

type Selector = { readonly bits: number; readonly accepts: (name: string) => boolean; readonly isOpen: boolean }

const anyName = (): boolean => true

/** Compiles `args`, `header:user-agent`, `json:/users/*`, `count:header:host`, `!cookie:theme`; throws on anything else. */
export function compileTargets(source: readonly string[]): Targets {
  const isCount = source.some((text) => text.startsWith('count:'))
  const included: Selector[] = []
  const excluded: Selector[] = []
  for (const text of source) {
    if (text.startsWith('!')) excluded.push(compileSelector(text.slice(1)))
    else included.push(compileSelector(text.startsWith('count:') ? text.slice(6) : text))
    if (isCount && !text.startsWith('count:')) throw new Error(`target ${text} cannot stand beside a count`)
  }
  if (included.length === 0) throw new Error('targets name nothing to look at')
  const bits = included.reduce((sum, selector) => sum | selector.bits, 0)
  const isOpen = excluded.length === 0 && included.every((selector) => selector.isOpen)
  const has = (selectors: readonly Selector[], bit: number, name: string): boolean =>
    selectors.some((selector) => (selector.bits & bit) !== 0 && selector.accepts(name))
  return {
    source,
    bits,
    counts: isCount,
    accepts: isOpen
      ? (bit) => (bits & bit) !== 0
      : (bit, name) => has(included, bit, name) && !has(excluded, bit, name),
  }
}

function compileSelector(text: string): Selector {
  const colon = text.indexOf(':')
  const place = colon < 0 ? text : text.slice(0, colon)
  const name = colon < 0 ? null : text.slice(colon + 1).toLowerCase()
  const group = targetGroups[place]
  const bits = group?.bits ?? (Object.hasOwn(placeBits, place) ? placeBits[place as Place] : 0)
  if (bits === 0 || place === 'count') {
    throw new Error(
      `unknown target ${text}; known are ${[...Object.keys(targetGroups), ...Object.keys(placeBits)].join(', ')}`,
    )
  }
  if (name === '') throw new Error(`target ${text} has an empty name`)
  if (place === 'headers') return { bits, accepts: name === null ? isFreeHeader : compileGlob(name), isOpen: false }
  return name === null ? { bits, accepts: anyName, isOpen: true } : { bits, accepts: compileGlob(name), isOpen: false }
}
