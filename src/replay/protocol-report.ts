import { type Interval, share, wilsonInterval } from './proportion.ts'
import type { PoisonKind, Protocol } from './protocol.ts'
import { countAbove, thresholdAt } from './ranking.ts'

/** Counted while an evaluation runs. */
export type ProtocolCount = {
  padded: number
  unpadded: number
  readonly poison: {
    benignSent: number
    benignAdmitted: number
    sent: number
    admitted: number
    /** Groups whose poison was aimed at a field. */
    fields: number
    /** Attacks that were set apart, asked about after the learning. */
    readonly scores: number[]
    refused: number
  }
}

export type Rate = {
  readonly hits: number
  readonly n: number
  readonly rate: number | null
  readonly ci: Interval | null
}

/** What was done besides plain teaching and asking; `null` where nothing was. */
export type ProtocolReport = {
  readonly seed: number
  readonly padding: { readonly characters: number; readonly padded: number; readonly unpadded: number } | null
  readonly learnAtMost: number | null
  readonly attackShare: number
  readonly poison: PoisonReport | null
}

export type PoisonReport = {
  readonly share: number
  readonly sources: number
  readonly kind: PoisonKind
  /** Groups in which a field was found to aim at. */
  readonly fields: number
  /** Requests sent while learning, repetitions included: how many passed the admission to learning. */
  readonly benign: Rate
  readonly poison: Rate
  /** The very attacks that may be sent while learning, asked about afterwards. */
  readonly setApart: { readonly deployed: Rate; readonly at0001: Rate; readonly at001: Rate }
}

export function createProtocolCount(): ProtocolCount {
  const poison = { benignSent: 0, benignAdmitted: 0, sent: 0, admitted: 0, fields: 0, scores: [], refused: 0 }
  return { padded: 0, unpadded: 0, poison }
}

export function rateOf(hits: number, n: number): Rate {
  return { hits, n, rate: share(hits, n), ci: wilsonInterval(hits, n) }
}

/** `benignScores` are those of the scored requests; they give the thresholds. */
export function protocolReport(
  protocol: Protocol,
  count: ProtocolCount,
  benignScores: readonly number[],
): ProtocolReport {
  const { seed, padCharacters, learnAtMost, attackShare } = protocol
  const { padded, unpadded } = count
  return {
    seed,
    padding: padCharacters === 0 ? null : { characters: padCharacters, padded, unpadded },
    learnAtMost,
    attackShare,
    poison: poisonReport(protocol, count.poison, benignScores),
  }
}

function poisonReport(
  { poison }: Protocol,
  count: ProtocolCount['poison'],
  benignScores: readonly number[],
): PoisonReport | null {
  if (poison === null) return null
  const { scores } = count
  const above = (fpr: number) =>
    benignScores.length === 0 ? rateOf(0, 0) : rateOf(countAbove(scores, thresholdAt(benignScores, fpr)), scores.length)
  return {
    share: poison.share,
    sources: poison.sources,
    kind: poison.kind,
    fields: count.fields,
    benign: rateOf(count.benignAdmitted, count.benignSent),
    poison: rateOf(count.admitted, count.sent),
    setApart: { deployed: rateOf(count.refused, scores.length), at0001: above(0.001), at001: above(0.01) },
  }
}
