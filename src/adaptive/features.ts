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

/** The feature of a length, in UTF-16 code units. */
export function lengthFeature(length: number): number {
  if (length < exactLengths) return lengthBase + length
  return lengthBase + Math.min(lengthCount - 1, exactLengths + Math.floor(4 * Math.log2(length / exactLengths)))
}

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

/** The feature of a number: thirds of a power of ten, negative ones below zero; -1 for what is none. */
export function magnitudeFeature(value: string): number {
  if (value.length > 24 || !/^-?\d+(?:\.\d+)?$/.test(value)) return -1
  const number = Number(value)
  const size = Math.min(
    zeroMagnitude - 1,
    number === 0 ? 0 : Math.max(1, Math.ceil(3 * Math.log10(Math.abs(number)) + 1)),
  )
  return magnitudeBase + zeroMagnitude + (number < 0 ? -size : size)
}

/** The feature of a whole value. */
export const valueFeature = (hash: number): number => valueBase + (hash >>> 1)
