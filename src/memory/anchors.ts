import { hashText } from '../core/hash.ts'
import { forEachGram } from './grams.ts'
import type { SelfGrams } from './memory.ts'
import { forEachPhrase } from './phrases.ts'

/** Most anchors of a cell: more add bytes to every node and hardly any recall. */
export const maxAnchors = 24
/** With fewer, chance makes a cell. */
export const minAnchors = 3
/** Values are read up to here when a cell is made of them. */
const maxReadChars = 65_536

type Candidate = { readonly hash: number; readonly specials: number; readonly at: number }

/**
 * The grams that make a cell: foreign to self, those with most special characters first. Grams of plain characters
 * fill up only as far as they cannot carry a recall by themselves, so that a value without special characters is never
 * recalled. Empty when the value gives too few. The same value and the same self give the same anchors.
 */
export function chooseAnchors(value: string, self: SelfGrams, minAffinity: number): number[] {
  const candidates = foreignGrams(value, self)
  const special = candidates.filter((candidate) => candidate.specials > 0)
  if (special.length < minAnchors) return []
  special.sort((left, right) => right.specials - left.specials || left.at - right.at)
  const chosen = special.length > maxAnchors ? spread(special) : special
  const plain = candidates.filter((candidate) => candidate.specials === 0)
  const room = Math.min(maxAnchors - chosen.length, mostPlain(chosen.length, minAffinity))
  return [...chosen, ...plain.slice(0, room)].map((candidate) => candidate.hash).sort((left, right) => left - right)
}

/** With fewer phrases, chance makes a skeleton. */
export const minPhrases = 4
/** A phrase of ordinary signs and values says nothing; this much has to be in it, and in all of them together. */
const minStrength = 1
const minTotalStrength = 10

/** The phrases of an attack's skeleton that are foreign to self, the most telling first. Empty when they are too few. */
export function choosePhrases(value: string, self: SelfGrams): number[] {
  const found = new Map<number, number>()
  forEachPhrase(value.slice(0, maxReadChars), (hash, strength) => {
    if (strength >= minStrength && !found.has(hash) && !self.has(hash)) found.set(hash, strength)
  })
  if (found.size < minPhrases) return []
  if ([...found.values()].reduce((sum, strength) => sum + strength, 0) < minTotalStrength) return []
  const ranked = [...found].sort((left, right) => right[1] - left[1])
  return ranked
    .slice(0, maxAnchors)
    .map(([hash]) => hash)
    .sort((left, right) => left - right)
}

/** The same id on every node that makes the same cell. */
export function cellIdOf(anchors: readonly number[]): string {
  const text = anchors.join()
  return `cell-${hex(hashText(text))}${hex(hashText(text, 0x9747b28c))}`
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}

function foreignGrams(value: string, self: SelfGrams): Candidate[] {
  const seen = new Map<number, Candidate>()
  let at = 0
  forEachGram(value.slice(0, maxReadChars), (hash, specials) => {
    at += 1
    if (!seen.has(hash) && !self.has(hash)) seen.set(hash, { hash, specials: countBits(specials), at })
  })
  return [...seen.values()]
}

function countBits(bits: number): number {
  return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1)
}

/** Of the last group that does not fit whole, those at even distances, so that no part of the value is left out. */
function spread(ranked: readonly Candidate[]): Candidate[] {
  const last = ranked[maxAnchors - 1]?.specials ?? 0
  const sure = ranked.filter((candidate) => candidate.specials > last)
  const group = ranked.filter((candidate) => candidate.specials === last)
  const wanted = maxAnchors - sure.length
  const step = group.length / wanted
  return [...sure, ...group.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step))].slice(
    0,
    maxAnchors,
  )
}

/** Largest number p of plain anchors beside s special ones with p / (p + s) below the affinity that recalls. */
function mostPlain(special: number, minAffinity: number): number {
  if (minAffinity >= 1) return maxAnchors
  return Math.max(0, Math.ceil((special * minAffinity) / (1 - minAffinity)) - 1)
}
