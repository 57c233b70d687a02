/** A value that a document shows, or one that was made up from its type. */
export type Variant = { readonly value: unknown; readonly isDerived: boolean }

/** A named place that takes one of a few values. */
export type Slot = { readonly name: string; readonly isRequired: boolean; readonly variants: readonly Variant[] }

/** One choice for each place that is filled. */
export type Row = { readonly values: ReadonlyMap<string, unknown>; readonly isDerived: boolean }

/**
 * Few rows that show each variant of each slot at least once, as far as `limit` reaches: all slots filled, each turning
 * through its own variants, and last the required slots alone.
 */
export function rowsOf(slots: readonly Slot[], limit: number): readonly Row[] {
  const filled = slots.filter(({ variants }) => variants.length > 0)
  const length = Math.max(1, ...filled.map(({ variants }) => variants.length))
  const required = filled.filter(({ isRequired }) => isRequired)
  const hasShorter = required.length < filled.length && limit > 1
  const rows = Array.from({ length: Math.min(length, hasShorter ? limit - 1 : limit) }, (_, turn) =>
    rowAt(filled, turn),
  )
  return hasShorter ? [...rows, rowAt(required, 0)] : rows
}

function rowAt(slots: readonly Slot[], turn: number): Row {
  const values = new Map<string, unknown>()
  let isDerived = false
  for (const { name, variants } of slots) {
    const variant = variants[turn % variants.length]
    if (variant === undefined) continue
    values.set(name, variant.value)
    isDerived ||= variant.isDerived
  }
  return { values, isDerived }
}

/** Each value once; one that the document shows stands for a made-up twin. */
export function distinct(variants: readonly Variant[], limit: number): readonly Variant[] {
  const seen = new Map<string, Variant>()
  for (const variant of variants) {
    const key = JSON.stringify(variant.value) ?? ''
    if (seen.get(key)?.isDerived !== false) seen.set(key, variant)
    if (seen.size >= limit) break
  }
  return [...seen.values()]
}
