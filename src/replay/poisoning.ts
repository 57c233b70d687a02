import { type Random, shuffled } from '../core/random.ts'
import type { Poison } from './protocol.ts'
import { aimedAt, type RareField, rareFieldOf } from './rare-field.ts'
import type { TrafficRecord } from './traffic-record.ts'

/** The attacks of a group, divided: one half may be sent while the engine learns, only the other half is scored. */
export type Division = {
  readonly setApart: readonly TrafficRecord[]
  readonly scored: readonly TrafficRecord[]
  /** What all of the poison is aimed at; `null` when it is not aimed, or there is no such field. */
  readonly field: RareField | null
}

/** Category of attacks that were put into the field at which the poison was aimed. */
export const aimedCategory = 'aimed at the poisoned field'

export type DivideOptions = {
  readonly teaching: readonly TrafficRecord[]
  readonly scored: readonly TrafficRecord[]
  readonly poison: Poison
  readonly random: Random
}

/**
 * Divides by the seed alone, so that runs with other shares, sources and kinds score the same half. Where the poison is
 * aimed at a field, the scored half comes a second time, put into that same field.
 */
export function divide(options: DivideOptions): Division {
  const { scored, poison } = options
  const attacks = scored.filter(({ label }) => label === 'attack')
  const chosen = new Set(shuffled(attacks, options.random).slice(0, attacks.length >> 1))
  const setApart = attacks.filter((record) => chosen.has(record))
  const rest = scored.filter((record) => !chosen.has(record))
  const field = poison.kind === 'field' ? (rareFieldOf(options.teaching) ?? null) : null
  if (field === null) return { setApart, scored: rest, field }
  const aimed = rest.flatMap((record) => {
    const moved = record.label === 'attack' ? aimedAt(record, field) : undefined
    return moved === undefined ? [] : [{ ...moved, id: `${record.id} aimed`, category: aimedCategory }]
  })
  return { setApart: setApart.map((record) => aimedAt(record, field) ?? record), scored: [...rest, ...aimed], field }
}
