import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Finding } from '../core/finding.ts'
import type { StateRecord } from '../storage/record.ts'
import type { RecordLog } from '../storage/record-log.ts'
import type { Tolerance, ToleranceScope, Tolerances } from './adaptive.ts'

const bodySchema = z.strictObject({
  scope: z.strictObject({
    service: z.string(),
    method: z.string(),
    route: z.string(),
    field: z.string().nullable(),
    finding: z.string().nullable(),
  }),
  by: z.string(),
  reason: z.string(),
})

/** A tolerance that nobody ends would be a hole for ever. */
const maxDurationMs = 365 * 86_400_000

/** Tolerances over the record log: a person's word, known to every node, that ends by itself. */
export function createTolerances(options: { readonly records: RecordLog; readonly clock: Clock }): Tolerances {
  const { records, clock } = options
  const hits = new Map<string, number>()
  let inForce: Tolerance[] = []
  const refresh = (): void => {
    inForce = records.list('tolerance').flatMap((record) => toTolerance(record, hits.get(record.id) ?? 0))
    const ids = new Set(inForce.map(({ id }) => id))
    for (const id of hits.keys()) if (!ids.has(id)) hits.delete(id)
  }
  const unsubscribe = records.subscribe(({ record }) => {
    if (record.kind === 'tolerance') refresh()
  })
  refresh()
  return {
    covers: (finding) => {
      if (inForce.length === 0) return false
      const nowMs = clock.now()
      const match = inForce.find((tolerance) => tolerance.untilMs > nowMs && isInScope(finding, tolerance.scope))
      if (match === undefined) return false
      hits.set(match.id, (hits.get(match.id) ?? 0) + 1)
      return true
    },
    tolerate: (scope, { by, reason, untilMs }) => {
      const nowMs = clock.now()
      if (untilMs <= nowMs || untilMs - nowMs > maxDurationMs) {
        throw new RangeError(`untilMs is ${untilMs}, expected a moment within the next 365 days`)
      }
      const body = { scope, by, reason }
      const subject = subjectOf(scope)
      const record = records.append({ kind: 'tolerance', subject, rank: 'person', expiresAtMs: untilMs, body })
      refresh()
      return { id: record.id, scope, by, reason, untilMs, hits: 0 }
    },
    withdraw: (toleranceId) => {
      const isTolerance = records.list('tolerance').some(({ id }) => id === toleranceId)
      const isGone = isTolerance && records.revoke(toleranceId, 'person')
      refresh()
      return isGone
    },
    list: () => {
      refresh()
      return inForce
    },
    close: unsubscribe,
  }
}

function toTolerance(record: StateRecord, hits: number): Tolerance[] {
  const parsed = bodySchema.safeParse(record.body)
  if (!parsed.success || record.expiresAtMs === null || record.rank !== 'person') return []
  return [{ id: record.id, ...parsed.data, untilMs: record.expiresAtMs, hits }]
}

/** Whether a finding is one that the tolerance names: same place, and the same finding where one is named. */
function isInScope(finding: Finding, scope: ToleranceScope): boolean {
  const { field } = finding
  if (field === null || field.service !== scope.service) return false
  if (field.method !== scope.method || field.route !== scope.route) return false
  if (scope.field !== null && scope.field !== `${field.location}:${field.name}`) return false
  return scope.finding === null || scope.finding === `${finding.layer}:${finding.source}`
}

function subjectOf(scope: ToleranceScope): string {
  const parts = [scope.service, scope.method, scope.route, scope.field ?? '*', scope.finding ?? '*']
  return parts.join(' ').slice(0, 512)
}
