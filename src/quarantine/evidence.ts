import { type Finding, formatFieldId, type Layer } from '../core/finding.ts'
import type { Basis, Rung } from './ladder.ts'

/** One distinct thing that a layer said about a client. Saying it again makes it younger, not more. */
export type Evidence = {
  readonly layer: Layer
  /** What said it: `innate:sqli-110`. */
  readonly source: string
  /** Where, `null` for the client as a whole. */
  readonly field: string | null
  readonly route: string | null
  readonly reason: string
  readonly score: number
  readonly atMs: number
  /** Number of the accusation that brought it first: one request is one episode. */
  readonly episode: number
}

/** Evidence below this score is noise when it comes to a client. */
const minScore = 0.5
const strongScore = 0.8
const maxEvidence = 16
/** Different strong evidence of one layer, in as many requests, that looks like a scan and not like a misunderstanding. */
const insistent = 6

export type Assessment = {
  readonly kinds: readonly Layer[]
  /** Kinds with at least one piece of strong evidence. Every recall is strong. */
  readonly strongKinds: number
  /** A recall, and strong evidence of a kind that cells are not made from: rules or conduct. */
  readonly isRecognised: boolean
  readonly items: number
  readonly episodes: number
}

/** Which evidence counts now. */
export type EvidenceFilter = {
  readonly sinceMs: number
  readonly isSilenced: (key: string) => boolean
}

/** Adds what is new and refreshes what is known; true when something was new. */
export function addEvidence(
  evidence: Evidence[],
  findings: readonly Finding[],
  { atMs, episode }: { readonly atMs: number; readonly episode: number },
): boolean {
  let isNew = false
  for (const finding of findings) {
    if (finding.shadow === true || !(finding.score >= minScore)) continue
    const field = finding.field === null ? null : formatFieldId(finding.field)
    const source = sourceKey(finding)
    const at = evidence.findIndex((item) => item.source === source && item.field === field)
    const known = evidence[at]
    if (known !== undefined) {
      evidence[at] = { ...known, atMs, score: Math.max(known.score, finding.score) }
      continue
    }
    isNew = true
    if (evidence.length >= maxEvidence) evidence.splice(oldest(evidence), 1)
    const route = finding.field === null ? null : `${finding.field.method} ${finding.field.route}`
    const { layer, reason, score } = finding
    evidence.push({ layer, source, field, route, reason, score, atMs, episode })
  }
  return isNew
}

/** Signals have few names, so that each counts per route; rules, cells and detectors count by themselves. */
function sourceKey({ layer, source, field }: Finding): string {
  return layer === 'behaviour' && field !== null ? `${layer}:${source} ${field.route}` : `${layer}:${source}`
}

function oldest(evidence: readonly Evidence[]): number {
  let at = 0
  for (let index = 1; index < evidence.length; index += 1)
    if ((evidence[index]?.atMs ?? 0) < (evidence[at]?.atMs ?? 0)) at = index
  return at
}

export function countingEvidence(evidence: readonly Evidence[], filter: EvidenceFilter): Evidence[] {
  return evidence.filter(
    (item) =>
      item.atMs > filter.sinceMs &&
      !filter.isSilenced(item.source) &&
      (item.field === null || !filter.isSilenced(item.field)),
  )
}

export function assess(evidence: readonly Evidence[]): Assessment {
  const kinds = new Set<Layer>()
  const strong = new Set<Layer>()
  const episodes = new Set<number>()
  for (const item of evidence) {
    kinds.add(item.layer)
    episodes.add(item.episode)
    if (item.score >= strongScore || item.layer === 'memory') strong.add(item.layer)
  }
  return {
    kinds: [...kinds],
    strongKinds: strong.size,
    isRecognised: strong.has('memory') && (strong.has('innate') || strong.has('behaviour')),
    items: evidence.length,
    episodes: episodes.size,
  }
}

/**
 * The rung that evidence is worth.
 *
 *   kinds  strength              requests that brought something new
 *                                1          2           3+
 *   one    weak                  watched    watched     watched
 *   one    strong                watched    watched     watched; slowed from 6 on, for the shortest time only
 *   two+   all weak              watched    slowed      slowed
 *   two+   one strong            slowed     slowed      restricted
 *   two+   two strong            slowed     isolated    isolated
 *   two+   recognised            isolated   isolated    isolated
 *
 * Recognised: a recall and strong evidence from rules or conduct. What was learned does not count here, since cells are
 * born from it: one wrong cell and the detector behind it would be the same mistake twice.
 */
export function rungOf(found: Assessment): { readonly rung: Rung; readonly basis: Basis } {
  const { kinds, strongKinds, episodes, items } = found
  if (kinds.length === 0) return { rung: 'free', basis: 'one-kind' }
  if (kinds.length === 1) {
    const isInsistent = strongKinds === 1 && episodes >= insistent && items >= insistent
    return { rung: isInsistent ? 'slowed' : 'watched', basis: 'one-kind' }
  }
  if (strongKinds >= 2 && (episodes >= 2 || found.isRecognised)) return { rung: 'isolated', basis: 'two-kinds' }
  if (strongKinds >= 1) return { rung: episodes >= 3 ? 'restricted' : 'slowed', basis: 'two-kinds' }
  return { rung: episodes >= 2 ? 'slowed' : 'watched', basis: 'two-kinds' }
}

/** Sources and fields without which the client would not be held. */
export function causesOf(evidence: readonly Evidence[]): string[] {
  const keys = new Set<string>()
  for (const item of evidence) {
    keys.add(item.source)
    if (item.field !== null) keys.add(item.field)
  }
  return [...keys].filter((key) => {
    const rest = evidence.filter((item) => item.source !== key && item.field !== key)
    const { rung, basis } = rungOf(assess(rest))
    return rung === 'free' || rung === 'watched' || basis === 'one-kind'
  })
}

/** The strongest sentence of each kind. */
export function reasonsOf(evidence: readonly Evidence[]): string[] {
  const best = new Map<Layer, Evidence>()
  for (const item of evidence) {
    const known = best.get(item.layer)
    if (known === undefined || item.score > known.score) best.set(item.layer, item)
  }
  return [...best.values()].map((item) => `${item.layer}: ${item.reason}`)
}
