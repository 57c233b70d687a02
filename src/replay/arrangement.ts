import { createRandom } from '../core/random.ts'
import { firstMs } from './arrival.ts'
import type { EvaluationGroup } from './evaluation-groups.ts'
import { type Lesson, lessonSlices, lessonsOf } from './lessons.ts'
import { type Division, divide } from './poisoning.ts'
import type { Poison, Protocol } from './protocol.ts'
import { isSampled, sampleOf } from './sampling.ts'
import type { TrafficRecord } from './traffic-record.ts'

type Records = AsyncIterable<TrafficRecord> | Iterable<TrafficRecord>

/** What happens to a group: what teaches it and how, and what it is then asked about. */
export type Arrangement = {
  readonly teaching:
    | { readonly kind: 'vetted'; readonly records: Records }
    | { readonly kind: 'ordinary'; readonly lessons: readonly Lesson[]; readonly division: Division }
  readonly scored: Records
}

export async function arrange(group: EvaluationGroup, protocol: Protocol): Promise<Arrangement> {
  const { learnAtMost, poison, seed } = protocol
  const teaching =
    learnAtMost === null ? group.teaching : await sampleOf(group.teaching, learnAtMost, createRandom(seed))
  const scored = protocol.attackShare >= 1 ? group.scored : sampledAttacks(group.scored, protocol)
  if (poison === null) return { teaching: { kind: 'vetted', records: teaching }, scored }
  return ordinary({ teaching: await all(teaching), scored: await all(scored), poison, seed })
}

type Ordinary = {
  readonly teaching: readonly TrafficRecord[]
  readonly scored: readonly TrafficRecord[]
  readonly poison: Poison
  readonly seed: number
}

function ordinary({ teaching, scored, poison, seed }: Ordinary): Arrangement {
  const division = divide({ teaching, scored, poison, random: createRandom(seed) })
  const lessons = lessonsOf({
    benign: teaching,
    attacks: division.setApart,
    poison,
    // What was learned must not be older than what follows at once.
    startMs: firstMs - lessonSlices * poison.sliceMs,
    random: createRandom(seed + 1),
  })
  return { teaching: { kind: 'ordinary', lessons, division }, scored: division.scored }
}

async function* sampledAttacks(records: Records, { attackShare, seed }: Protocol): AsyncGenerator<TrafficRecord> {
  for await (const record of records) {
    if (record.label !== 'attack' || isSampled(record.id, attackShare, seed)) yield record
  }
}

async function all<T>(items: AsyncIterable<T> | Iterable<T>): Promise<readonly T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
