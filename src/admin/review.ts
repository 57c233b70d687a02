import { z } from 'zod'
import type { Tolerance, ToleranceScope } from '../adaptive/adaptive.ts'
import type { ReviewCase } from '../telemetry/cases.ts'
import type { AdminContext } from './context.ts'
import type { AdminDependencies } from './dependencies.ts'

const judgementTtlMs = 365 * 86_400_000

/** What a person says of a case. */
export type Judgement =
  | { readonly review: 'open' }
  | { readonly review: 'malicious' }
  | {
      readonly review: 'benign'
      /** `null` only closes the case; otherwise its findings (`layer:source`), all of them when none is named. */
      readonly tolerate: { readonly findings: readonly string[] | null; readonly ttlMs: number } | null
    }

/** What followed from it. */
export type Consequence = {
  readonly entry: ReviewCase
  readonly cellId: string | null
  readonly tolerances: readonly Tolerance[]
  readonly forgottenCells: readonly string[]
  readonly withdrawnTolerances: readonly string[]
}

/** The consequences that a later word takes back. */
const judgementBody = z.object({ tolerances: z.array(z.string()) })

/**
 * Scopes of the findings of a case that are about a field: route, field and source together. Findings about the client
 * or the request as a whole are left out, since they could only be tolerated for the whole route.
 */
export function scopesOf(entry: ReviewCase, findings: readonly string[] | null): readonly ToleranceScope[] {
  const scopes = new Map<string, ToleranceScope>()
  for (const { field, layer, source } of entry.findings) {
    const finding = `${layer}:${source}`
    if (field === null || (findings !== null && !findings.includes(finding))) continue
    const { service, method, route, location, name } = field
    const scope = { service, method, route, field: `${location}:${name}`, finding }
    scopes.set(JSON.stringify(scope), scope)
  }
  return [...scopes.values()]
}

/** Only what is a tolerance: the record log would withdraw a record of any kind by its id. */
export function withdrawTolerance({ tolerances }: AdminDependencies, toleranceId: string): boolean {
  return tolerances.list().some(({ id }) => id === toleranceId) && tolerances.withdraw(toleranceId)
}

/** Takes back what an earlier word about the same case brought about. */
function undo({ deps }: AdminContext, referenceId: string, by: string) {
  const earlier = judgementBody.safeParse(deps.records.get('judgement', referenceId)?.body)
  const known = earlier.success ? earlier.data.tolerances : []
  const withdrawnTolerances = known.filter((id) => withdrawTolerance(deps, id))
  const born = deps.memory.cells().filter((cell) => cell.bornFrom === referenceId)
  const forgottenCells = born.filter((cell) => deps.memory.forget(cell.id, by)).map((cell) => cell.id)
  return { withdrawnTolerances, forgottenCells }
}

/** Applies a person's word to a case: the newest counts, and outranks any machine's. */
export function judge(
  context: AdminContext,
  entry: ReviewCase,
  spoken: { by: string; judgement: Judgement },
): Consequence {
  const { deps } = context
  const { by, judgement } = spoken
  const { referenceId } = entry
  const nowMs = deps.clock.now()
  const isSame = entry.review === judgement.review && judgement.review === 'malicious'
  const undone = isSame ? { withdrawnTolerances: [], forgottenCells: [] } : undo(context, referenceId, by)
  const tolerances: Tolerance[] = []
  if (judgement.review === 'benign' && judgement.tolerate !== null) {
    const { findings, ttlMs } = judgement.tolerate
    for (const scope of scopesOf(entry, findings)) {
      const options = { by, reason: `case ${referenceId} was called normal`, untilMs: nowMs + ttlMs }
      tolerances.push(deps.tolerances.tolerate(scope, options))
    }
  }
  const cellId = judgement.review === 'malicious' ? (deps.confirm(referenceId, by) ?? null) : null
  deps.records.append({
    kind: 'judgement',
    subject: referenceId,
    rank: 'person',
    expiresAtMs: nowMs + judgementTtlMs,
    body: { review: judgement.review, by, route: entry.route, tolerances: tolerances.map((one) => one.id) },
  })
  const reviewed = deps.cases.review(referenceId, judgement.review, by) ?? entry
  return { entry: reviewed, cellId, tolerances, ...undone }
}
