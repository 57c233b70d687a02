/** The figures of an evaluation: what `measure` kept, counted. */
import { type Breakdown, breakdownOf } from './breakdown.ts'
import type { FalsePositive } from './evaluation-tracks.ts'
import { type Figures, figuresOf, scoresOf } from './figures.ts'
import { type EvaluationOptions, type Measurement, measure } from './measure.ts'
import { type ProtocolReport, protocolReport } from './protocol-report.ts'
import type { SkippedTraffic } from './skip-count.ts'

/** What `thymus evaluate --json` prints. Shares are 0..1, `null` where there was nothing to count. */
export type EvaluationReport = Figures &
  Breakdown & {
    /** Records that were read as requests, taught ones included. */
    readonly records: number
    readonly taught: number
    readonly scored: number
    readonly groups: number
    readonly seconds: number
    /** Mean time of `inspect`. */
    readonly usPerRequest: number | null
    readonly falseAlarmsPer10000: number | null
    /** Each layer alone, and innate and adaptive together. */
    readonly layers: Readonly<Record<string, Figures>>
    /** Trivial judges for comparison. */
    readonly controls: Readonly<Record<string, Figures>>
    /** The first 20. */
    readonly falsePositives: readonly FalsePositive[]
    readonly protocol: ProtocolReport
    readonly skipped: SkippedTraffic
  }

export async function evaluate(options: EvaluationOptions): Promise<EvaluationReport> {
  return reportOf(await measure(options))
}

export function reportOf(measured: Measurement): EvaluationReport {
  const { tracks, counts } = measured
  const { cases, all, layers, controls, falsePositives } = tracks
  const figures = figuresOf(cases, all)
  const { fpr } = figures.asDeployed
  return {
    records: counts.taught + cases.length,
    taught: counts.taught,
    scored: cases.length,
    groups: counts.groups,
    seconds: counts.seconds,
    usPerRequest: cases.length === 0 ? null : (counts.inspectMs * 1_000) / cases.length,
    ...figures,
    falseAlarmsPer10000: fpr === null ? null : fpr * 10_000,
    ...breakdownOf(cases, all),
    layers: Object.fromEntries([...layers].map(([name, track]) => [name, figuresOf(cases, track)])),
    controls: Object.fromEntries([...controls].map(([name, track]) => [name, figuresOf(cases, track)])),
    falsePositives,
    protocol: protocolReport(measured.protocol, measured.protocolCount, scoresOf(cases, all, 'benign')),
    skipped: counts.skipped,
  }
}
