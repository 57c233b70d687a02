import type { FrozenScorer } from '../antigen/scorer.ts'
import { type Field, fieldFlags } from '../request/field.ts'
import { AcceptedValues } from './accepted-values.ts'
import { isCompared } from './compared.ts'
import { type Evidence, EvidenceMeter } from './evidence.ts'
import type { FieldProfile } from './field-profile.ts'
import type { Rarity } from './rarity.ts'
import type { SelfStore } from './self-store.ts'
import { formOf, isLasting, plain, strange } from './value-form.ts'

/** What a value is compared with, and where. */
export type Comparison = {
  readonly field: Field
  readonly own: FieldProfile | undefined
  readonly named: FieldProfile | undefined
  readonly service: FieldProfile
  /** What the frozen scorer hears, when that is all there is: the form of the value is known. */
  readonly heard: number | null
}

export type ComparerOptions = {
  readonly store: Pick<SelfStore, 'field'>
  readonly rarity: Rarity
  /** `null` leaves the inherited repertoire out. */
  readonly scorer: FrozenScorer | null
  /** Characters that one request may have compared in full. */
  readonly maxWork: number
  /** Whether values that are self at a glance are passed; the results are the same without. */
  readonly hasFastPath: boolean
}

/** Room for the notes on kept fields. */
const memoMask = 0xffff
/** What a value costs besides its characters, in characters. */
const workPerValue = 32

/**
 * Tells foreign values from those that are self at a glance. A value passes when nothing about it is new and the frozen
 * scorer hears nothing in it: the full comparison would find nothing either. What passed once in a kept field passes
 * again unread, until something is forgotten.
 */
export class Comparer {
  readonly #options: ComparerOptions
  readonly #store: ComparerOptions['store']
  readonly #scorer: FrozenScorer | null
  readonly #hasFastPath: boolean
  readonly #meter: EvidenceMeter
  /** Numbers of kept fields that are self, each in the place that its low bits give. */
  readonly #clean = new Float64Array(memoMask + 1)
  readonly #accepted = new AcceptedValues()
  #work = 0

  constructor(options: ComparerOptions) {
    this.#options = options
    this.#store = options.store
    this.#scorer = options.scorer
    this.#hasFastPath = options.hasFastPath
    this.#meter = new EvidenceMeter(options.rarity, options.scorer)
  }

  /** Another request begins. */
  begin(): void {
    this.#work = 0
  }

  /** Whether the request has had as much compared as one may. */
  get isSpent(): boolean {
    return this.#work >= this.#options.maxWork
  }

  /** What was learned has become less, or was replaced: nothing that was noted about values holds any more. */
  forget(): void {
    this.#clean.fill(0)
    this.#accepted.clear()
  }

  /**
   * `null` for a value that is plainly self, or that is not compared: of a known route that holds for the segments that
   * name it.
   */
  foreign(field: Field, service: FieldProfile, isRouteKnown: boolean): Comparison | null {
    const { memo } = field
    if (memo > 0 && this.#clean[memo & memoMask] === memo && this.#hasFastPath) return null
    if (isRouteKnown && (field.flags & fieldFlags.literal) !== 0) return null
    if ((field.flags & fieldFlags.fromName) !== 0) return null
    const own = this.#store.field(field.slot)
    const heard = own === undefined || !this.#hasFastPath ? null : this.#heardInKnown(own, field)
    if (heard === 0 || !isCompared(field)) return null
    const named = field.sharedSlot === field.slot ? undefined : this.#store.field(field.sharedSlot)
    return { field, own, named, service, heard }
  }

  /** The returned object is valid until the next call. */
  measure({ field: { value }, own, named, service, heard }: Comparison): Evidence {
    if (heard !== null) return this.#meter.onlyHeard(heard)
    this.#work += value.length + workPerValue
    const isSharedWide = named === undefined && own === undefined
    return this.#meter.measure(value, { own, shared: isSharedWide ? service : named, isSharedWide })
  }

  /** What the frozen scorer hears in a value about which nothing is new: 0 for a value that is self. Otherwise `null`. */
  #heardInKnown(own: FieldProfile, { memo, value }: Field): number | null {
    const form = formOf(own, value)
    if (form === strange) return null
    if (form !== plain && this.#scorer !== null && !this.#accepted.has(own, value)) {
      this.#work += value.length
      const heard = this.#meter.hear(value, own)
      if (heard > 0) return heard
      this.#accepted.note(own, value)
    }
    // A kept field is compared with the same profile each time.
    if (memo > 0 && isLasting(own, value)) this.#clean[memo & memoMask] = memo
    return 0
  }
}
