import { NumberSet } from '../core/number-set.ts'
import { Candidates, type SavedCandidate } from './candidates.ts'
import type { Provenance, SupportRule } from './field-profile.ts'

/** What about the form of a request can be new. */
export const shapeAspects = ['name', 'set', 'order', 'missing'] as const
export type ShapeAspect = (typeof shapeAspects)[number]

const nameAspect = 0
const setAspect = 1
const orderAspect = 2
const predicted = 3

/** Sets and orders of names that one route keeps; one with more has no fixed form. */
const maxForms = 256
/** Features: names by their slot, then sets and orders by their hash. */
const setBase = 2 ** 24
const orderBase = 2 ** 33

const aspectOf = (feature: number): number =>
  feature < setBase ? nameAspect : feature < orderBase ? setAspect : orderAspect

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

/**
 * The names that requests of one route show: which ones, together, in which order. Predicts novelties as `FieldProfile`
 * does; a name that is always there is missed by the same rule.
 */
export class RouteShape {
  requests = 0
  /** How often each name was there, names that are not self yet included. */
  readonly #counts = new Map<number, number>()
  readonly #names = new NumberSet(2 ** 20)
  readonly #sets = new NumberSet(maxForms)
  readonly #orders = new NumberSet(maxForms)
  readonly #repeated = new Set<number>()
  readonly #once: Int32Array = new Int32Array(predicted)
  readonly #candidates: Candidates = new Candidates(aspectOf, predicted)

  learn({ slots, count, set, order }: Names, from: Provenance, rule: SupportRule): void {
    this.requests += 1
    for (let index = 0; index < count; index += 1) {
      const slot = slots[index] as number
      this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + 1)
      this.#learnFeature(slot, from, rule)
    }
    this.#learnFeature(setBase + set, from, rule)
    this.#learnFeature(orderBase + order, from, rule)
  }

  /** Whether exactly these names have come in this order before: nothing about them is new. */
  isKnown({ set, order }: Names): boolean {
    return this.#sets.has(set) && this.#orders.has(order)
  }

  hasName(slot: number): boolean {
    return this.#names.has(slot)
  }

  novelty(names: Names): ShapeNovelty {
    const best: ShapeNovelty = { surprise: 0, aspect: 'set', slot: -1 }
    const consider = (aspect: ShapeAspect, surprise: number, slot: number): void => {
      if (surprise > best.surprise) Object.assign(best, { aspect, surprise, slot })
    }
    const seen = new Set<number>(names.slots.subarray(0, names.count))
    for (const slot of seen) if (!this.#names.has(slot)) consider('name', this.#surprise(nameAspect), slot)
    if (names.hasUnknown) consider('name', this.#surprise(nameAspect), -1)
    for (const [slot, count] of this.#counts) {
      if (!seen.has(slot)) consider('missing', -Math.log((this.requests - count + 0.5) / (this.requests + 1)), slot)
    }
    if (!this.#sets.has(names.set)) consider('set', this.#sets.isFull ? 0 : this.#surprise(setAspect), -1)
    if (!this.#orders.has(names.order)) consider('order', this.#orders.isFull ? 0 : this.#surprise(orderAspect), -1)
    return best
  }

  toJSON(): SavedShape {
    return {
      requests: this.requests,
      counts: [...this.#counts],
      names: this.#names.values(),
      sets: this.#sets.values(),
      orders: this.#orders.values(),
      repeated: [...this.#repeated],
      candidates: this.#candidates.content(),
    }
  }

  static from(saved: SavedShape): RouteShape {
    const shape = new RouteShape()
    shape.requests = saved.requests
    for (const [slot, count] of saved.counts) shape.#counts.set(slot, count)
    for (const feature of saved.repeated) shape.#repeated.add(feature)
    for (const slot of saved.names) shape.#restore(slot)
    for (const hash of saved.sets) shape.#restore(setBase + hash)
    for (const hash of saved.orders) shape.#restore(orderBase + hash)
    shape.#candidates.restore(saved.candidates)
    return shape
  }

  #surprise(aspect: number): number {
    const seen = (this.#once[aspect] as number) + (this.#candidates.pending[aspect] as number) + 0.5
    return Math.max(0, -Math.log(seen / (this.requests + 1)))
  }

  #setOf(feature: number): { readonly members: NumberSet; readonly number: number } {
    if (feature < setBase) return { members: this.#names, number: feature }
    if (feature < orderBase) return { members: this.#sets, number: feature - setBase }
    return { members: this.#orders, number: feature - orderBase }
  }

  #learnFeature(feature: number, from: Provenance, rule: SupportRule): void {
    const { members, number } = this.#setOf(feature)
    if (members.has(number)) {
      this.#repeat(feature)
    } else if (from.isTrusted || this.#candidates.support(feature, from, rule)) {
      if (!members.add(number)) return
      this.#count(feature, 1)
      if (!from.isTrusted) this.#repeat(feature)
    }
  }

  #repeat(feature: number): void {
    if (this.#repeated.has(feature)) return
    this.#repeated.add(feature)
    this.#count(feature, -1)
  }

  #restore(feature: number): void {
    const { members, number } = this.#setOf(feature)
    members.add(number)
    if (!this.#repeated.has(feature)) this.#count(feature, 1)
  }

  #count(feature: number, change: number): void {
    const aspect = aspectOf(feature)
    this.#once[aspect] = (this.#once[aspect] as number) + change
  }
}

export type SavedShape = {
  readonly requests: number
  readonly counts: [slot: number, count: number][]
  readonly names: number[]
  readonly sets: number[]
  readonly orders: number[]
  readonly repeated: number[]
  readonly candidates: SavedCandidate[]
}
