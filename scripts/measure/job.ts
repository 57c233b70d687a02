import { type ConfigInput, configSchema } from '../../src/config/schema.ts'
import type { Layer } from '../../src/core/finding.ts'
import { createReplayEngine } from '../../src/offline.ts'
import { type EvaluationReport, reportOf } from '../../src/replay/evaluate.ts'
import type { Grouping } from '../../src/replay/evaluation-groups.ts'
import type { ScoredCase, Track } from '../../src/replay/figures.ts'
import { measure } from '../../src/replay/measure.ts'
import type { Protocol } from '../../src/replay/protocol.ts'

/** One evaluation, as plain data: it may run in another thread. */
export type Job = {
  readonly file: string
  readonly groupBy: Grouping | null
  readonly layers: readonly Layer[]
  readonly without: readonly string[]
  /** Components that are off by default and on here; names of `switches`. */
  readonly extra: readonly string[]
  readonly seed: number
  readonly protocol: Protocol
}

export type JobResult = {
  readonly report: EvaluationReport
  readonly cases: readonly ScoredCase[]
  readonly all: Track
  readonly layers: ReadonlyMap<string, Track>
}

/** What turns on a component that is off by default. */
export const switches: Readonly<Record<string, ConfigInput>> = {
  'self-model': { adaptive: { selfModel: { enabled: true } } },
}

/** With the default settings, in enforce mode. */
export async function runJob(job: Job): Promise<JobResult> {
  const { file, groupBy, without, seed, protocol } = job
  const layers = job.layers.filter((layer) => !without.includes(layer))
  const settings = job.extra.map((name) => switches[name] ?? {})
  const config = configSchema.parse(Object.assign({ mode: 'enforce' }, ...settings))
  const measured = await measure({
    file,
    groupBy,
    layers,
    isPoisoned: false,
    protocol,
    createEngine: () => createReplayEngine({ config, layers, without, seed }),
  })
  const { cases, all, layers: tracks } = measured.tracks
  return { report: reportOf(measured), cases, all, layers: tracks }
}
