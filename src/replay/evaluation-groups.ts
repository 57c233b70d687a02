import { readTraffic, type TrafficFormat } from './read-traffic.ts'
import { recordedHeader } from './record-view.ts'
import { shown, trafficError } from './traffic-error.ts'
import type { SkipListener, TrafficRecord } from './traffic-record.ts'

export const groupings = ['client', 'source', 'host'] as const
export type Grouping = (typeof groupings)[number]

/** Records with an engine of their own: what teaches it, and what it is then asked about, each in file order. */
export type EvaluationGroup = {
  readonly id: string
  readonly teaching: AsyncIterable<TrafficRecord> | Iterable<TrafficRecord>
  readonly scored: AsyncIterable<TrafficRecord> | Iterable<TrafficRecord>
}

export type GroupOptions = {
  readonly file: string
  readonly format?: TrafficFormat
  readonly groupBy: Grouping | null
  /** Whether attacks and unknowns may stand among what teaches. */
  readonly isPoisoned: boolean
  readonly onSkip: SkipListener
}

const teachingSplits: ReadonlySet<string> = new Set(['train', 'self-train', 'learn'])

/**
 * The groups of a file in the order in which they first appear. Without grouping the file is streamed twice; with it
 * the records are held, because the groups of a file are mixed and engines are not cheap enough to hold all of them.
 */
export async function* evaluationGroups(options: GroupOptions): AsyncGenerator<EvaluationGroup> {
  if (options.groupBy === null) {
    yield { id: 'all', teaching: select(options, true), scored: select(options, false) }
    return
  }
  for (const [id, group] of await heldGroups(options, options.groupBy)) {
    yield { id, teaching: group.teaching, scored: group.scored }
  }
}

async function* select(options: GroupOptions, isTeaching: boolean): AsyncGenerator<TrafficRecord> {
  const onSkip = isTeaching ? () => undefined : options.onSkip // the file is read twice, what is skipped counts once
  for await (const record of records(options, onSkip)) {
    if (teaches(record, options) === isTeaching) yield record
  }
}

type HeldGroup = { readonly teaching: TrafficRecord[]; readonly scored: TrafficRecord[] }

async function heldGroups(options: GroupOptions, groupBy: Grouping): Promise<Map<string, HeldGroup>> {
  const groups = new Map<string, HeldGroup>()
  for await (const record of records(options, options.onSkip)) {
    const id = groupOf(record, groupBy)
    const group = groups.get(id) ?? { teaching: [], scored: [] }
    groups.set(id, group)
    if (teaches(record, options)) group.teaching.push(record)
    else group.scored.push(record)
  }
  return groups
}

function records(options: GroupOptions, onSkip: SkipListener): AsyncGenerator<TrafficRecord> {
  return readTraffic(options.file, { onSkip, ...(options.format === undefined ? {} : { format: options.format }) })
}

function groupOf(record: TrafficRecord, groupBy: Grouping): string {
  const id = groupBy === 'host' ? recordedHeader(record.request, 'host') : record[groupBy]
  return id ?? `without ${groupBy}`
}

function teaches(record: TrafficRecord, options: GroupOptions): boolean {
  if (record.split === null || !teachingSplits.has(record.split)) return false
  if (record.label !== 'benign' && !options.isPoisoned) {
    throw trafficError(
      { file: options.file, line: record.line },
      `"label" is ${shown(record.label)} in the split ${shown(record.split)} that teaches, expected "benign" (or --poisoned)`,
    )
  }
  return true
}
