import type { FieldLocation } from '../core/finding.ts'
import type { Oddity, OddityKind } from './canonical-request.ts'
import { canonicalText, isCanonicalAlready, scanText, textBits } from './canonical-text.ts'
import type { Catalog, FieldNode } from './catalog.ts'
import { type Field, fieldFlags } from './field.ts'
import { FieldInterner } from './field-interner.ts'
import { isPlainName, templateName } from './field-name.ts'
import type { Route } from './route.ts'

/** Caps of one request, from the configuration. */
export type CollectorLimits = {
  readonly maxFields: number
  readonly maxDepth: number
  readonly maxParts: number
  readonly maxNameLength: number
  readonly maxDecodeDepth: number
}

/** Called with every textual value, so that text inside text (JSON, base64) becomes fields of its own. */
export type Unfold = (collector: FieldCollector, field: Field, bits: number) => void

type ValueSource = {
  readonly location: FieldLocation
  readonly name: string
  readonly raw: string
  readonly slot: number
  readonly sharedSlot: number
  readonly extraFlags: number
  readonly memo: number
}

/**
 * Gathers the fields of one request under its caps. One collector is reused for all requests of a canonicaliser;
 * `begin` empties it.
 */
export class FieldCollector {
  readonly limits: CollectorLimits
  readonly #catalog: Catalog
  readonly #unfold: Unfold
  readonly #interner = new FieldInterner()
  fields: Field[] = []
  oddities: Oddity[] = []
  /** How deep the value at hand sits inside other values: 0 for what stands in the request itself. */
  nesting = 0
  #service = ''
  #route: Route | undefined

  constructor(options: { limits: CollectorLimits; catalog: Catalog; unfold: Unfold }) {
    this.limits = options.limits
    this.#catalog = options.catalog
    this.#unfold = options.unfold
  }

  begin(service: string, route: Route): void {
    this.#route = route
    this.fields = []
    this.oddities = []
    this.nesting = 0
    this.#service = service
  }

  get isFull(): boolean {
    return this.fields.length >= this.limits.maxFields
  }

  /** Whether values were left out because there are too many. */
  get isCut(): boolean {
    return this.oddities.some(({ kind }) => kind === 'too-many-fields' || kind === 'too-many-parts')
  }

  /** Adds the text of a body whose values were cut off, beyond the cap: what is not taken apart is still looked at. */
  pushBeyond(name: string, text: string, flags: number): void {
    const location = 'body'
    const sharedSlot = this.sharedSlot(location, name)
    const { fields } = this
    this.fields = []
    this.#read({ location, name, raw: text, slot: -1, sharedSlot, extraFlags: flags, memo: 0 })
    const [whole] = this.fields
    this.fields = fields
    if (whole !== undefined) fields.push(whole)
  }

  /** Reports each kind of oddity once per request. */
  odd(kind: OddityKind, detail: string): void {
    for (const seen of this.oddities) if (seen.kind === kind) return
    this.oddities.push({ kind, detail })
  }

  /** Adds a textual value below a parent node; finds its number and brings it into canonical form. */
  add(location: FieldLocation, parent: FieldNode | undefined, name: string, raw: string, extraFlags = 0): void {
    const node = parent === undefined ? undefined : this.child(parent, name)
    if (node !== undefined && node.slot !== -1) {
      this.push(location, node.name, raw, node.slot, node.sharedSlot, extraFlags)
      return
    }
    if (!isPlainName(name)) this.#addOddName(location, name)
    const shown = templateName(name, this.limits.maxNameLength)
    if (name.length > this.limits.maxNameLength) this.odd('name-too-long', `a name of ${name.length} characters`)
    this.push(location, shown, raw, -1, this.#catalog.sharedSlot(this.#service, location, shown), extraFlags)
  }

  /** Adds a textual value whose name and numbers are known. */
  push(location: FieldLocation, name: string, raw: string, slot: number, sharedSlot: number, extraFlags = 0): void {
    if (this.isFull) {
      this.odd('too-many-fields', `more than ${this.limits.maxFields} values`)
      return
    }
    const isKnown = slot !== -1 && extraFlags === 0
    const kept = isKnown ? this.#interner.find(slot, raw) : undefined
    if (kept !== undefined) {
      this.fields.push(kept)
      return
    }
    const memo = isKnown ? this.#interner.memoFor(slot, raw) : 0
    const field = this.#read({ location, name, raw, slot, sharedSlot, extraFlags, memo })
    if (field.memo !== 0 && this.fields.at(-1) === field) this.#interner.keep(raw, field)
  }

  /** Brings a value into canonical form, adds it and whatever is folded up in it. */
  #read(source: ValueSource): Field {
    const { location, name, raw, slot, sharedSlot, extraFlags, memo } = source
    const bits = scanText(raw)
    if (isCanonicalAlready(bits)) {
      const field = { slot, sharedSlot, location, name, raw, value: raw, decodeDepth: 0, flags: extraFlags, memo }
      this.fields.push(field)
      this.#unfold(this, field, bits)
      return field
    }
    const { value, decodeDepth, ...text } = canonicalText(raw, this.limits.maxDecodeDepth)
    const flags = text.flags | extraFlags
    const isWhole = (flags & fieldFlags.tooDeep) === 0
    if (!isWhole) this.odd('undecoded', `more than ${this.limits.maxDecodeDepth} encodings`)
    const field = { slot, sharedSlot, location, name, raw, value, decodeDepth, flags, memo: isWhole ? memo : 0 }
    this.fields.push(field)
    this.#unfold(this, field, text.bits)
    return field
  }

  /** Adds a number, `true`, `false` or `null`: never encoded, holds nothing to unfold. */
  pushPlain(location: FieldLocation, name: string, raw: string, slot: number, sharedSlot: number): void {
    if (this.isFull) {
      this.odd('too-many-fields', `more than ${this.limits.maxFields} values`)
      return
    }
    const kept = slot === -1 ? undefined : this.#interner.find(slot, raw)
    if (kept !== undefined) {
      this.fields.push(kept)
      return
    }
    const memo = slot === -1 ? 0 : this.#interner.memoFor(slot, raw)
    const field = { slot, sharedSlot, location, name, raw, value: raw, decodeDepth: 0, flags: 0, memo }
    this.fields.push(field)
    if (memo !== 0) this.#interner.keep(raw, field)
  }

  /** Known node of a name below its parent, digits in the name standing for any digits. */
  child(parent: FieldNode, name: string): FieldNode | undefined {
    const exact = parent.children.get(name)
    if (exact !== undefined || parent.children.size === 0) return exact
    return parent.children.get(templateName(name, this.limits.maxNameLength))
  }

  /** Slot of a field of the route by its whole name: for values that were found inside other values. */
  slotOf(location: FieldLocation, name: string): number {
    return this.#route === undefined || this.#route.id === -1 ? -1 : this.#catalog.slotOf(this.#route, location, name)
  }

  sharedSlot(location: FieldLocation, name: string): number {
    return this.#catalog.sharedSlot(this.#service, location, name)
  }

  /** A name that no API would choose is a value in disguise (`$ne`, `<script>`): it is looked at like one. */
  #addOddName(location: FieldLocation, name: string): void {
    this.push(location, '{name}', name, -1, this.sharedSlot(location, '{name}'), fieldFlags.fromName)
  }
}

/** Whether bits of a text allow base64 of at least 16 characters. */
export function mayBeBase64(text: string, bits: number): boolean {
  return text.length >= 16 && (bits & textBits.notBase64) === 0 && (bits & (textBits.upper | textBits.digit)) !== 0
}
