import { type Interval, share, wilsonInterval } from './proportion.ts'
import { areaUnderCurve, countAbove, thresholdAt } from './ranking.ts'
import type { TrafficLabel } from './traffic-record.ts'

/** False positive rates at which the true positive rate is read off. */
export const reportedFprs = ['0.0001', '0.001', '0.005', '0.01'] as const
export type ReportedFpr = (typeof reportedFprs)[number]

/** One scored request, without what any judge thought of it. */
export type ScoredCase = {
  readonly label: TrafficLabel
  readonly category: string | null
  readonly group: string
}

/** What one judge (all layers, one layer, a control) thought of each case, in the order of the cases. */
export type Track = { readonly scores: number[]; readonly refused: boolean[] }

export function createTrack(): Track {
  return { scores: [], refused: [] }
}

export type Deployed = {
  readonly tpr: number | null
  readonly tprCi: Interval | null
  readonly fpr: number | null
  readonly fprCi: Interval | null
  readonly balancedAccuracy: number | null
  readonly tp: number
  readonly fp: number
  readonly tn: number
  readonly fn: number
}

export type Figures = {
  readonly asDeployed: Deployed
  readonly auc: number | null
  readonly tprAtFpr: Readonly<Record<ReportedFpr, number | null>>
  readonly tprAtFprCi: Readonly<Record<ReportedFpr, Interval | null>>
}

export function figuresOf(cases: readonly ScoredCase[], track: Track): Figures {
  const benign = scoresOf(cases, track, 'benign')
  const attack = scoresOf(cases, track, 'attack')
  const hits = (fpr: ReportedFpr) => countAbove(attack, thresholdAt(benign, Number(fpr)))
  const isRated = benign.length > 0 && attack.length > 0
  return {
    asDeployed: deployedOf(cases, track),
    auc: areaUnderCurve(benign, attack),
    tprAtFpr: perFpr((fpr) => (isRated ? share(hits(fpr), attack.length) : null)),
    tprAtFprCi: perFpr((fpr) => (isRated ? wilsonInterval(hits(fpr), attack.length) : null)),
  }
}

export function scoresOf(cases: readonly ScoredCase[], track: Track, label: TrafficLabel): readonly number[] {
  return track.scores.filter((_score, index) => cases[index]?.label === label)
}

function deployedOf(cases: readonly ScoredCase[], track: Track): Deployed {
  const count = (label: TrafficLabel, isRefused: boolean) =>
    cases.reduce((sum, entry, index) => sum + Number(entry.label === label && track.refused[index] === isRefused), 0)
  const tp = count('attack', true)
  const fn = count('attack', false)
  const fp = count('benign', true)
  const tn = count('benign', false)
  const tpr = share(tp, tp + fn)
  const fpr = share(fp, fp + tn)
  return {
    tpr,
    tprCi: wilsonInterval(tp, tp + fn),
    fpr,
    fprCi: wilsonInterval(fp, fp + tn),
    balancedAccuracy: tpr === null || fpr === null ? null : (tpr + 1 - fpr) / 2,
    tp,
    fp,
    tn,
    fn,
  }
}

function perFpr<T>(figure: (fpr: ReportedFpr) => T): Readonly<Record<ReportedFpr, T>> {
  return {
    '0.0001': figure('0.0001'),
    '0.001': figure('0.001'),
    '0.005': figure('0.005'),
    '0.01': figure('0.01'),
  }
}
