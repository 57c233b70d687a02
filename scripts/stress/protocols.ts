import type { Layer } from '../../src/core/finding.ts'
import { type Poison, type Protocol, plainProtocol } from '../../src/replay/protocol.ts'
import { type DataSet, taughtSets } from '../measure/data-sets.ts'

/** One line of the table. */
export type StressRow = {
  readonly name: string
  readonly set: DataSet
  readonly layers: readonly Layer[]
  readonly protocol: Protocol
  /** Name of the row that differs in nothing but the stress; `null` for a row that is one. */
  readonly control: string | null
}

const together: readonly Layer[] = ['innate', 'memory', 'adaptive']
const alone: readonly Layer[] = ['adaptive']
const sliceMs = 1_200_000 // the shipped adaptive.sliceMs
const base = 'base'
const baseOfSample = 'base, a sample'
const ordinary = 'ordinary learning, no poison'
const ordinaryAimed = 'ordinary learning, no poison, scored in one rare field too'

/** Attacks behind very long text take a tenth of a second each: a sample of them has to do. */
const longShare = 0.1
const quickShare = 0.2

export function stressRows(options: { readonly seed: number; readonly isQuick: boolean }): readonly StressRow[] {
  const attackShare = options.isQuick ? quickShare : 1
  const plain: Protocol = { ...plainProtocol, seed: options.seed, attackShare }
  return taughtSets.flatMap((set) => {
    const rows = [...plainRows(set, plain), ...(set.groupBy === null ? [] : poisonRows(set, plain))]
    return options.isQuick ? rows.filter(({ protocol }) => protocol.padCharacters < 100_000) : rows
  })
}

function plainRows(set: DataSet, plain: Protocol): readonly StressRow[] {
  const row = (name: string, change: Partial<Protocol>, control: string | null): StressRow => ({
    name,
    set,
    layers: together,
    protocol: { ...plain, ...change },
    control,
  })
  const padding = [
    row('padding 300', { padCharacters: 300 }, base),
    row(baseOfSample, { attackShare: longShare }, null),
    row('padding 8 KB, a sample', { padCharacters: 8_192, attackShare: longShare }, baseOfSample),
    row('padding 128 KB, a sample', { padCharacters: 131_072, attackShare: longShare }, baseOfSample),
  ]
  const coldStart = [10, 30, 100, 300].map((count) => row(`cold start ${count}`, { learnAtMost: count }, base))
  // What is wrong with a request of csic2010 is not always one payload, so that there is none to put text before.
  return [row(base, {}, null), ...(set.name.startsWith('csic') ? [] : padding), ...coldStart]
}

function poisonRows(set: DataSet, plain: Protocol): readonly StressRow[] {
  const row = (name: string, change: Partial<Poison>, more: Pick<StressRow, 'layers' | 'control'>): StressRow => ({
    name,
    set,
    ...more,
    protocol: { ...plain, poison: { share: 0, sources: 3, kind: 'spread', sliceMs, ...change } },
  })
  const controlled = { layers: together, control: ordinary }
  const unguarded = { layers: alone, control: `${ordinary}, adaptive alone` }
  return [
    row(ordinary, {}, { layers: together, control: null }),
    ...[0.01, 0.05, 0.1].map((share) => row(`poison ${share * 100} % spread, 3 sources`, { share }, controlled)),
    row('poison 5 % in a burst, 50 sources', { share: 0.05, sources: 50, kind: 'burst' }, controlled),
    row('poison 10 % sustained, 50 sources', { share: 0.1, sources: 50 }, controlled),
    row(ordinaryAimed, { kind: 'field' }, { layers: together, control: null }),
    row(
      'poison 5 % in one rare field, 3 sources',
      { share: 0.05, kind: 'field' },
      { layers: together, control: ordinaryAimed },
    ),
    // No rules in front: what the admission of the adaptive layer holds off by itself.
    row(unguarded.control, {}, { layers: alone, control: null }),
    row('poison 10 % spread, 3 sources, adaptive alone', { share: 0.1 }, unguarded),
    row('poison 5 % in a burst, 50 sources, adaptive alone', { share: 0.05, sources: 50, kind: 'burst' }, unguarded),
    row('poison 10 % sustained, 50 sources, adaptive alone', { share: 0.1, sources: 50 }, unguarded),
  ]
}
