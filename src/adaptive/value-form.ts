import { classCount, classOf, endClass, isCollapsed, nonAsciiClass, startClass } from '../antigen/character-classes.ts'
import { isSpecial } from '../antigen/scorer-fold.ts'
import { hashText } from '../core/hash.ts'
import {
  characterBase,
  characterFeature,
  lengthFeature,
  magnitudeFeature,
  maxCharacters,
  valueFeature,
} from './features.ts'
import type { FieldProfile } from './field-profile.ts'

/** What one look at a value tells: something is strange, or all is known and it is (or is not) plain to the frozen scorer. */
export type Form = typeof strange | typeof plain | typeof special
export const strange = 0
export const plain = 1
export const special = 2

const square = classCount * classCount

/**
 * What there is to know of a character, by its code below 256; `looked` by its low seven bits stands for those beyond.
 *
 *   6 special to the frozen scorer | 5 a feature of its own | 4 .. 0 class
 */
const classMask = 31
const featureMark = 32
const specialMark = 64

const lookOf = (code: number): number =>
  (code < 256 ? (classOf[code] as number) : nonAsciiClass) |
  (characterFeature(code) === -1 ? 0 : featureMark) |
  (isSpecial(code) ? specialMark : 0)

const looks = Uint8Array.from({ length: 256 }, (_, code) => lookOf(code))
const beyond = nonAsciiClass | featureMark

/** The classes that count once in a row, as bits. */
const collapsed = isCollapsed.reduce((bits, isOnce, index) => bits | (isOnce << index), 0)

const lacks = (self: Uint32Array, feature: number): boolean =>
  (((self[feature >>> 5] as number) >>> (feature & 31)) & 1) === 0

/**
 * Whether all chunks and characters of a value are in a field's self, in one walk over both (see `readChunks`), which
 * stops at the first stranger: most values of a known field are done with here.
 */
function lookAt(value: string, self: Uint32Array): Form {
  let before = startClass
  let previous = startClass
  let marks = 0
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    const look = code < 256 ? (looks[code] as number) : code === 0xfffd ? beyond | specialMark : beyond
    if (look > classMask) {
      marks |= look
      if ((look & featureMark) !== 0 && index < maxCharacters && lacks(self, featureOf(code))) return strange
    }
    const current = look & classMask
    if (current === previous && ((collapsed >>> current) & 1) === 1) continue
    if (index > 0 && lacks(self, before * square + previous * classCount + current)) return strange
    before = previous
    previous = current
  }
  if (lacks(self, before * square + previous * classCount + endClass)) return strange
  return (marks & specialMark) === 0 ? plain : special
}

/** As `characterFeature`, for those that have one. */
const featureOf = (code: number): number => characterBase + (code < 128 ? code : 128 + (code & 127))

/** Whether nothing about a value is new to its field, apart from what the frozen scorer hears in it. */
export function formOf(profile: FieldProfile, value: string): Form {
  if (profile.lengthSurprise(lengthFeature(value.length)) > 0) return strange
  const form = lookAt(value, profile.self)
  if (form === strange || profile.magnitudeSurprise(magnitudeFeature(value)) > 0) return strange
  if (!profile.isOpen && !profile.has(valueFeature(hashText(value)))) return strange
  return form
}

/**
 * Whether a value whose form is known will stay so as long as self only grows: length and size were shown, and are not
 * merely no surprise yet.
 */
export function isLasting(profile: FieldProfile, value: string): boolean {
  const magnitude = magnitudeFeature(value)
  return profile.has(lengthFeature(value.length)) && (magnitude === -1 || profile.has(magnitude))
}
