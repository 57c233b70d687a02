import { chunkCount } from '../antigen/chunks.ts'
import { valueTypes } from '../antigen/value-type.ts'

/**
 * The things that a field's self can show, as one range of numbers. What self has not shown is a detector of the field
 * (negative selection with the exact repertoire, Forrest et al. 1994):
 *
 *   [0 .. chunks)       r-chunks of three character classes
 *   [.. +types)         value types
 *   [.. +lengths)       lengths: exact below 64, then four to a doubling
 *   [.. +characters)    characters that are no ASCII letter or digit: ASCII exact, others by their low seven bits
 *   [.. +magnitudes)    of numbers: sign and three steps to a power of ten
 *   [.. +detectors)     inherited detectors of the frozen scorer that react to self, which silences them
 *   [values ..)         whole values, by their hash
 *
 * All but the last two are bits of a profile; those two are sparse sets.
 */
export const typeBase: number = chunkCount
export const lengthBase: number = typeBase + valueTypes.length
const lengthCount = 128
export const characterBase: number = lengthBase + lengthCount
const characterCount = 256
export const magnitudeBase: number = characterBase + characterCount
const magnitudeCount = 128
export const featureCount: number = magnitudeBase + magnitudeCount
export const detectorBase: number = featureCount
/** The frozen scorer has at most 2^20 n-gram buckets and 1,000 tokens. */
export const valueBase: number = 2 ** 21

/** What a value can be new in. Each is a variable of its own, whose next novelty is predicted from how many there were. */
export const aspects = ['chunk', 'type', 'length', 'character', 'magnitude', 'value'] as const
export type Aspect = (typeof aspects)[number]

export const chunkAspect = 0
export const typeAspect = 1
export const lengthAspect = 2
export const characterAspect = 3
export const magnitudeAspect = 4
export const valueAspect = 5

/** Number of the aspect that a feature belongs to; -1 for detectors, which predict nothing. */
export function aspectOf(feature: number): number {
  if (feature < typeBase) return chunkAspect
  if (feature >= valueBase) return valueAspect
  if (feature >= detectorBase) return -1
  if (feature < lengthBase) return typeAspect
  if (feature < characterBase) return lengthAspect
  return feature < magnitudeBase ? characterAspect : magnitudeAspect
}

const exactLengths = 64

/** Longest part of a value whose characters are looked at one by one. */
export const maxCharacters = 4_096

/** The feature of a length, in UTF-16 code units. */
export function lengthFeature(length: number): number {
  return length < lengthFeatures.length ? (lengthFeatures[length] as number) : longFeature(length)
}

const longFeature = (length: number): number =>
  lengthBase + Math.min(lengthCount - 1, exactLengths + Math.floor(4 * Math.log2(length / exactLengths)))

const lengthFeatures = Uint16Array.from({ length: 1_024 }, (_, length) =>
  length < exactLengths ? lengthBase + length : longFeature(length),
)

/** The shortest length that a feature stands for. */
export function shortestOf(feature: number): number {
  const bucket = feature - lengthBase
  return bucket < exactLengths ? bucket : Math.ceil(exactLengths * 2 ** ((bucket - exactLengths) / 4))
}

/** The feature of a character; -1 for ASCII letters and digits, which chunks know as classes. */
export function characterFeature(code: number): number {
  return code < 128 ? (asciiFeatures[code] as number) : characterBase + 128 + (code & 127)
}

const asciiFeatures = Int16Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? -1 : characterBase + code,
)

const zeroMagnitude = magnitudeCount / 2

/** Longest number, in characters. */
const longestNumber = 24

/** The feature of a number: thirds of a power of ten, negative ones below zero; -1 for what is none. */
export function magnitudeFeature(value: string): number {
  const { length } = value
  // Most values end here: a number begins with a digit or a minus, and ends with a digit.
  if (length === 0 || length > longestNumber || !isDigit(value.charCodeAt(length - 1))) return -1
  const isNegative = value.charCodeAt(0) === minus
  const size = sizeOf(value, isNegative ? 1 : 0)
  return size === -1 ? -1 : magnitudeBase + zeroMagnitude + (isNegative ? -size : size)
}

const minus = 0x2d
const point = 0x2e
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
/** Numbers of so many digits are whole in a double, and their quotient by a power of ten is the nearest one. */
const exactDigits = 15
const powersOfTen = Float64Array.from({ length: exactDigits + 1 }, (_, power) => Number(`1e${power}`))

/** Size of the digits from `start` on: `12`, `0.5`; -1 for anything else. */
function sizeOf(value: string, start: number): number {
  let whole = 0
  let pointAt = -1
  for (let index = start; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (isDigit(code)) whole = whole * 10 + code - 0x30
    else if (code === point && pointAt === -1 && index > start) pointAt = index
    else return -1
  }
  const decimals = pointAt === -1 ? 0 : value.length - pointAt - 1
  if (value.length - start > exactDigits) return sizeOfNumber(Number(start === 0 ? value : value.slice(start)))
  return decimals === 0 && whole < sizes.length
    ? (sizes[whole] as number)
    : sizeOfNumber(whole / (powersOfTen[decimals] as number))
}

function sizeOfNumber(number: number): number {
  return number === 0 ? 0 : Math.min(zeroMagnitude - 1, Math.max(1, Math.ceil(3 * Math.log10(number) + 1)))
}

/** Sizes of small whole numbers. */
const sizes = Uint8Array.from({ length: 1_024 }, (_, number) => sizeOfNumber(number))

/** The feature of a whole value. */
export const valueFeature = (hash: number): number => valueBase + (hash >>> 1)
