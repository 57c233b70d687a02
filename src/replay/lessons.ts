import { type Random, shuffled } from '../core/random.ts'
import type { Poison } from './protocol.ts'
import type { TrafficRecord } from './traffic-record.ts'

/** One request that is sent while the engine learns by itself. */
export type Lesson = {
  readonly record: TrafficRecord
  readonly isPoison: boolean
  /** The first time that this record is sent. */
  readonly isNew: boolean
  readonly remoteAddress: string
  readonly atMs: number
}

/** Sources of the benign requests, and time slices over which all are sent: a small site on one working day. */
export const benignSources = 25
export const lessonSlices = 30
/**
 * Clients of a site send the same kinds of requests over and over: each request of a group is sent so many times, and
 * those of a small group until there were so many in all. Fewer would leave what is seen by too few sources.
 */
const minPasses = 6
const lessonRequests = 3_000
/** The slice of a burst: the second one, when no profile can be mature. */
const burstSlice = 1

export type LessonOptions = {
  readonly benign: readonly TrafficRecord[]
  readonly attacks: readonly TrafficRecord[]
  readonly poison: Poison
  readonly startMs: number
  readonly random: Random
}

/** Everything that is sent, in order of time. Attacks fewer than asked for are sent again as well. */
export function lessonsOf(options: LessonOptions): readonly Lesson[] {
  const benign = benignLessons(options)
  const { share } = options.poison
  const attacks = attackLessons(options, Math.round((benign.length * share) / (1 - share)))
  return [...benign, ...attacks].toSorted((a, b) => a.atMs - b.atMs)
}

function benignLessons({ benign, poison, startMs, random }: LessonOptions): readonly Lesson[] {
  if (benign.length === 0) return []
  const passes = Math.max(minPasses, Math.ceil(lessonRequests / benign.length))
  const order: { readonly record: TrafficRecord; readonly isNew: boolean }[] = []
  for (let pass = 0; pass < passes; pass += 1) {
    for (const record of shuffled(benign, random)) order.push({ record, isNew: pass === 0 })
  }
  const stepMs = (lessonSlices * poison.sliceMs) / order.length
  return order.map(({ record, isNew }, index) => ({
    record,
    isPoison: false,
    isNew,
    remoteAddress: sourceAddress(200, Math.floor(random() * benignSources)),
    atMs: Math.floor(startMs + index * stepMs),
  }))
}

function attackLessons({ attacks, poison, startMs, random }: LessonOptions, count: number): readonly Lesson[] {
  const isBurst = poison.kind === 'burst'
  const fromMs = startMs + (isBurst ? burstSlice * poison.sliceMs : 0)
  const lengthMs = isBurst ? poison.sliceMs : lessonSlices * poison.sliceMs
  const lessons: Lesson[] = []
  for (let index = 0; index < count; index += 1) {
    const record = attacks[index % attacks.length]
    if (record === undefined) break
    const remoteAddress = sourceAddress(201, Math.floor(random() * poison.sources))
    const atMs = Math.floor(fromMs + random() * lengthMs)
    lessons.push({ record, isPoison: true, isNew: index < attacks.length, remoteAddress, atMs })
  }
  return lessons
}

/** Away from the addresses of strangers, which count up from 10.0.0.0. */
function sourceAddress(net: number, source: number): string {
  return `10.${net}.${source >>> 8}.${source & 255}`
}
