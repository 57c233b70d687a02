import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { StateRecord } from '../storage/record.ts'
import type { RecordLog } from '../storage/record-log.ts'
import type { Tolerance, ToleranceScope, Tolerances } from './adaptive.ts'
import { compileScope } from './tolerance-scope.ts'

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

export type TolerancesOptions = {
  readonly records: RecordLog
  readonly clock: Clock
  /** Those of the configuration; they count at this node only. */
  readonly configured?: readonly ConfiguredTolerance[]
}

export type ConfiguredTolerance = {
  readonly scope: ToleranceScope
  readonly reason: string
  readonly untilMs: number
}

type InForce = { readonly tolerance: Tolerance; readonly isInScope: ReturnType<typeof compileScope> }

/** Tolerances of the configuration and of the record log: a person's word, known to every node, that ends by itself. */
export function createTolerances({ records, clock, configured = [] }: TolerancesOptions): Tolerances {
  const hits = new Map<string, number>()
  const fixed = configured.map(toFixed)
  let inForce: InForce[] = []
  const refresh = (): void => {
    const recorded = records.list('tolerance').flatMap((record) => toTolerance(record))
    inForce = [...fixed, ...recorded].map((tolerance) => ({ tolerance, isInScope: compileScope(tolerance.scope) }))
    const ids = new Set(inForce.map(({ tolerance }) => tolerance.id))
    for (const id of hits.keys()) if (!ids.has(id)) hits.delete(id)
  }
  const unsubscribe = records.subscribe(({ record }) => {
    if (record.kind === 'tolerance') refresh()
  })
  refresh()
  return {
    covers: (finding, place) => {
      if (inForce.length === 0) return false
      const nowMs = clock.now()
      const match = inForce.find(
        ({ tolerance, isInScope }) => tolerance.untilMs > nowMs && isInScope(finding, place),
      )?.tolerance
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
      return { id: record.id, scope, by, reason, untilMs, hits: 0, isConfigured: false }
    },
    withdraw: (toleranceId) => {
      const isTolerance = records.list('tolerance').some(({ id }) => id === toleranceId)
      const isGone = isTolerance && records.revoke(toleranceId, 'person')
      refresh()
      return isGone
    },
    list: () => {
      refresh()
      return inForce.map(({ tolerance }) => ({ ...tolerance, hits: hits.get(tolerance.id) ?? 0 }))
    },
    close: unsubscribe,
  }
}

function toFixed({ scope, reason, untilMs }: ConfiguredTolerance, index: number): Tolerance {
  return { id: `config-${index + 1}`, scope, by: 'configuration', reason, untilMs, hits: 0, isConfigured: true }
}

function toTolerance(record: StateRecord): Tolerance[] {
  const parsed = bodySchema.safeParse(record.body)
  if (!parsed.success || record.expiresAtMs === null || record.rank !== 'person') return []
  return [{ id: record.id, ...parsed.data, untilMs: record.expiresAtMs, hits: 0, isConfigured: false }]
}

function subjectOf(scope: ToleranceScope): string {
  const parts = [scope.service, scope.method, scope.route, scope.field ?? '*', scope.finding ?? '*']
  return parts.join(' ').slice(0, 512)
}
