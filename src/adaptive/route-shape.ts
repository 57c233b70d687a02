import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { Candidates } from './candidates.ts'
import { MarkedSet } from './marked-set.ts'
import { surpriseOf } from './novelty.ts'
import type { Provenance, SupportRule } from './support.ts'

/** What about the form of a request can be new. */
export const shapeAspects = ['name', 'set', 'order', 'missing'] as const
export type ShapeAspect = (typeof shapeAspects)[number]

const nameAspect = 0
const setAspect = 1
const orderAspect = 2
const predicted = 3

/** Sets and orders of names that one route keeps; one with more has no fixed form. */
const maxForms = 256
/** Names that one route keeps. */
const maxNames = 4_096
/** Candidates: the aspect above 30 bits of a name's slot or of a hash. */
const aspectOf = (feature: number): number => Math.floor(feature / 2 ** 30)
const featureOf = (aspect: number, number: number): number => aspect * 2 ** 30 + (number & 0x3fffffff)

/** The names that a request shows, as `NameReader` found them. */
export type Names = {
  /** Distinct slots in order of appearance; `count` of them are valid. */
  readonly slots: Int32Array
  count: number
  /** Hash of the slots whatever their order, and of their order. */
  set: number
  order: number
  /** Whether there is a name that no slot stands for. */
  hasUnknown: boolean
}

/** What is new about the form of a request: its most surprising aspect, in nats. */
export type ShapeNovelty = { surprise: number; aspect: ShapeAspect; slot: number }

/** How often a name was there. */
type Count = { readonly slot: number; count: number }

/**
 * The names that requests of one route show: which ones, together, in which order. Predicts novelties as `FieldProfile`
 * does; a name that is always there is missed by the same rule.
 */
export class RouteShape {
  /** Requests learned. */
  requests = 0
  /** Distinct requests of a day among them, which predictions are made from. */
  #evidence = 0
  #evidenceAtExpiry = 0
  /** How often each name was there, names that are not self yet included. */
  readonly #counts = new Map<number, Count>()
  /** Names, sets and orders that are self, by aspect. */
  readonly #members: readonly [MarkedSet, MarkedSet, MarkedSet] = [
    new MarkedSet(maxNames),
    new MarkedSet(maxForms),
    new MarkedSet(maxForms),
  ]
  readonly #candidates: Candidates = new Candidates(aspectOf, predicted)

  learn({ slots, count, set, order }: Names, from: Provenance, rule: SupportRule): void {
    const isDistinct = from.isRepeat !== true
    this.requests += 1
    if (isDistinct) this.#evidence += 1
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index] as number
      if (isDistinct) this.#countName(slot)
      this.#learnFeature({ aspect: nameAspect, number: slot }, from, rule)
    }
    this.#learnFeature({ aspect: setAspect, number: set }, from, rule)
    this.#learnFeature({ aspect: orderAspect, number: order }, from, rule)
  }

  /** Whether exactly these names have come in this order before: nothing about them is new. */
  isKnown({ set, order }: Names): boolean {
    return this.#members[setAspect].has(set) && this.#members[orderAspect].has(order)
  }

  hasName(slot: number): boolean {
    return this.#members[nameAspect].has(slot)
  }

  novelty(names: Names): ShapeNovelty {
    const best: ShapeNovelty = { surprise: 0, aspect: 'set', slot: -1 }
    const consider = (aspect: ShapeAspect, surprise: number, slot: number): void => {
      if (surprise > best.surprise) Object.assign(best, { aspect, surprise, slot })
    }
    const [, sets, orders] = this.#members
    const seen = new Set<number>(names.slots.subarray(0, names.count))
    for (const slot of seen) if (!this.hasName(slot)) consider('name', this.#surprise(nameAspect), slot)
    if (names.hasUnknown) consider('name', this.#surprise(nameAspect), -1)
    for (const { slot, count } of this.#counts.values()) {
      if (!seen.has(slot)) consider('missing', surpriseOf(this.#evidence - count, this.#evidence), slot)
    }
    if (!sets.has(names.set)) consider('set', sets.isFull ? 0 : this.#surprise(setAspect), -1)
    if (!orders.has(names.order)) consider('order', orders.isFull ? 0 : this.#surprise(orderAspect), -1)
    return best
  }

  /** Forgets what was not seen since the last call, provided that there was enough traffic meanwhile. */
  expire(minEvidence: number): number {
    if (this.#evidence - this.#evidenceAtExpiry < minEvidence) return 0
    let expired = 0
    for (const members of this.#members) expired += members.expire()
    for (const slot of this.#counts.keys()) if (!this.hasName(slot)) this.#counts.delete(slot)
    // What is forgotten of old requests leaves room for how often names come today.
    for (const entry of this.#counts.values()) entry.count /= 2
    this.#evidence /= 2
    this.#evidenceAtExpiry = this.#evidence
    this.#candidates.clear()
    return expired
  }

  write(writer: ByteWriter): void {
    for (const count of [this.requests, this.#evidence, this.#evidenceAtExpiry]) writer.f64(count)
    writer.u32(this.#counts.size)
    for (const { slot, count } of this.#counts.values()) {
      writer.u32(slot)
      writer.f64(count)
    }
    for (const members of this.#members) members.write(writer)
    this.#candidates.write(writer)
  }

  /** Throws RangeError when the bytes are damaged. */
  static read(reader: ByteReader): RouteShape {
    const shape = new RouteShape()
    shape.requests = reader.f64()
    shape.#evidence = reader.f64()
    shape.#evidenceAtExpiry = reader.f64()
    for (let names = reader.count(maxNames); names > 0; names -= 1) {
      const slot = reader.u32()
      shape.#counts.set(slot, { slot, count: reader.f64() })
    }
    for (const members of shape.#members) members.read(reader)
    shape.#candidates.read(reader)
    return shape
  }

  #countName(slot: number): void {
    const known = this.#counts.get(slot)
    if (known !== undefined) known.count += 1
    else if (this.#counts.size < maxNames) this.#counts.set(slot, { slot, count: 1 })
  }

  #surprise(aspect: AspectNumber): number {
    return surpriseOf(this.#members[aspect].onceCount + (this.#candidates.pending[aspect] as number), this.#evidence)
  }

  #learnFeature({ aspect, number }: Part, from: Provenance, rule: SupportRule): void {
    const members = this.#members[aspect]
    if (members.has(number)) {
      members.renew(number)
      if (from.isRepeat !== true) members.repeat(number)
      return
    }
    const sightings = from.isTrusted ? 1 : this.#candidates.support(featureOf(aspect, number), from, rule)
    if (sightings > 0 && members.add(number) && sightings > 1) members.repeat(number)
  }
}

type AspectNumber = typeof nameAspect | typeof setAspect | typeof orderAspect
type Part = { readonly aspect: AspectNumber; readonly number: number }
