import { classNames, classOf, nonAsciiClass } from '../../antigen/character-classes.ts'
import type { CanonicalRequest } from '../../request/canonical-request.ts'
import { type Field, fieldFlags } from '../../request/field.ts'
import { isCompared } from '../compared.ts'
import { featureAt as at, type FeatureName, featureCount } from './feature-schema.ts'
import type { RequestEvidence } from './request-evidence.ts'

/** Reads the features of a request into an array of `featureCount` numbers, allocating nothing. */
export type FeatureReader = (request: CanonicalRequest, evidence: RequestEvidence, into: Float32Array) => void

/** Characters that are counted at each end of a value; what lies between changes a share only a little. */
const countedEnd = 192
/** Below these log-odds the frozen scorer says nothing of a value. */
const minMasked = 0.5

const oddFlags =
  fieldFlags.invalidUtf8 |
  fieldFlags.overlongUtf8 |
  fieldFlags.nul |
  fieldFlags.control |
  fieldFlags.tooDeep |
  fieldFlags.percentU |
  fieldFlags.badEscape

const shares = ['letter-share', 'digit-share', 'blank-share', 'mark-share', 'special-share', 'other-share'] as const
const shareOf: Readonly<Record<string, (typeof shares)[number]>> = {
  letter: 'letter-share',
  digit: 'digit-share',
  blank: 'blank-share',
  mark: 'mark-share',
  slash: 'mark-share',
  punctuation: 'mark-share',
  'line-end': 'other-share',
  control: 'other-share',
  'non-ascii': 'other-share',
}
/** Feature that a character of a class adds to; all that is neither text nor punctuation is special. */
const featureOfClass = Uint8Array.from(classNames, (name) => at[shareOf[name] ?? 'special-share'])
/** Characters of each class in the request at hand: whole numbers add up faster than the features themselves. */
const characterCounts = new Int32Array(classNames.length)

/** Feature that counts the values of a location; -1 for the request line and bodies that are not taken apart. */
function countFeatureOf(location: Field['location']): number {
  switch (location) {
    case 'json':
    case 'xml':
      return at['tree-values']
    case 'header':
      return at['header-values']
    case 'cookie':
      return at['cookie-values']
    case 'query':
      return at['query-values']
    case 'form':
    case 'multipart':
      return at['form-values']
    case 'path':
      return at['path-values']
    default:
      return -1
  }
}

/** Counts that are only told apart by their order of magnitude. */
const logarithmic: readonly number[] = (
  [
    'masked-sum',
    'rarity-sum',
    'type-sum',
    'closed-sum',
    'path-values',
    'query-values',
    'header-values',
    'cookie-values',
    'form-values',
    'tree-values',
    'total-length',
    'longest-value',
    'body-length',
    'derived-values',
    'path-segments',
    'unknown-names',
  ] satisfies FeatureName[]
).map((name) => at[name])

export const readFeatures: FeatureReader = (request, evidence, into) => {
  into.fill(0, 0, featureCount)
  readHead(request, into)
  const { fields } = request
  const { count, masked, rarity, type, closed } = evidence
  let characters = 0
  characterCounts.fill(0)
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] as Field
    if (index < count) {
      const sum =
        (masked[index] as number) + (rarity[index] as number) + (type[index] as number) + (closed[index] as number)
      if (sum > 0) addEvidence(evidence, index, into)
    }
    if ((field.flags & fieldFlags.literal) !== 0) continue
    addForm(field, into)
    if (isCompared(field)) characters += addText(field.value, into)
  }
  for (let kind = 0; kind < characterCounts.length; kind += 1) {
    add(into, featureOfClass[kind] as number, characterCounts[kind] as number)
  }
  for (const share of shares) into[at[share]] = (into[at[share]] as number) / Math.max(1, characters)
  for (const place of logarithmic) into[place] = Math.log1p(into[place] as number)
}

function readHead(request: CanonicalRequest, into: Float32Array): void {
  const { method, body } = request.view
  into[at['body-length']] = body === null ? 0 : body.length
  into[at['oddities']] = request.oddities.length
  into[at['path-segments']] = countOf(request.path, 0x2f)
  into[at['writes']] = method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? 0 : 1
}

function addEvidence(evidence: RequestEvidence, index: number, into: Float32Array): void {
  const masked = evidence.masked[index] as number
  const rarity = evidence.rarity[index] as number
  const type = evidence.type[index] as number
  const closed = evidence.closed[index] as number
  raise(into, at['masked-max'], masked)
  raise(into, at['rarity-max'], rarity)
  raise(into, at['type-max'], type)
  raise(into, at['closed-max'], closed)
  add(into, at['masked-sum'], masked)
  add(into, at['rarity-sum'], rarity)
  add(into, at['type-sum'], type)
  add(into, at['closed-sum'], closed)
  if (masked >= minMasked) add(into, at['masked-count'], 1)
  if (rarity > 0) add(into, at['rarity-count'], 1)
  const kinds = (masked >= minMasked ? 1 : 0) + (rarity > 0 ? 1 : 0) + (type > 1 ? 1 : 0) + (closed > 1 ? 1 : 0)
  raise(into, at['foreign-layers'], kinds)
}

function addForm(field: Field, into: Float32Array): void {
  const { location, flags } = field
  const place = countFeatureOf(location)
  if (place !== -1) add(into, place, 1)
  if (location === 'header' && field.name === 'content-type') into[bodyFeature(field.value)] = 1
  if (location === 'json' || location === 'xml') raise(into, at['depth'], countOf(field.name, 0x2f))
  if (field.slot === -1 && location !== 'header' && location !== 'cookie') add(into, at['unknown-names'], 1)
  if ((flags & fieldFlags.derived) !== 0) add(into, at['derived-values'], 1)
  if ((flags & oddFlags) !== 0) add(into, at['oddities'], 1)
  raise(into, at['decode-depth'], field.decodeDepth)
}

/** Adds the characters of a value to the shares; returns how many were counted. */
function addText(value: string, into: Float32Array): number {
  const { length } = value
  add(into, at['total-length'], length)
  raise(into, at['longest-value'], length)
  const headEnd = Math.min(length, countedEnd)
  const tailStart = Math.max(headEnd, length - countedEnd)
  countCharacters(value, 0, headEnd)
  countCharacters(value, tailStart, length)
  return headEnd + length - tailStart
}

function countCharacters(value: string, start: number, end: number): void {
  for (let index = start; index < end; index += 1) {
    const code = value.charCodeAt(index)
    const kind = code < 256 ? (classOf[code] as number) : nonAsciiClass
    characterCounts[kind] = (characterCounts[kind] as number) + 1
  }
}

function bodyFeature(contentType: string): number {
  if (/json/i.test(contentType)) return at['body-json']
  return /form/i.test(contentType) ? at['body-form'] : at['body-other']
}

function countOf(text: string, code: number): number {
  let count = 0
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) === code) count += 1
  return count
}

function add(into: Float32Array, place: number, amount: number): void {
  into[place] = (into[place] as number) + amount
}

function raise(into: Float32Array, place: number, amount: number): void {
  if (amount > (into[place] as number)) into[place] = amount
}
