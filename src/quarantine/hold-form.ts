import type { Layer } from '../core/finding.ts'
import type { Hold } from './hold.ts'
import type { Standing } from './ladder.ts'
import { slowIntervalMs } from './permit.ts'

/** What a change of standing is accompanied by. */
export type Grounds = {
  readonly reasons: readonly string[]
  readonly kinds: readonly Layer[]
  readonly allowedRoutes: readonly string[]
}

/** A standing as others see it. Without new grounds those of the earlier hold go on. */
export function holdFrom(
  clientId: string,
  standing: Standing,
  context: {
    readonly earlier: Hold | undefined
    readonly grounds: Grounds | undefined
    readonly origin: string
  },
): Hold | undefined {
  if (standing.kind !== 'held' && standing.kind !== 'watched') return undefined
  const { earlier, grounds } = context
  const { count, sinceMs, untilMs } = standing
  const rung = standing.kind === 'watched' ? 'watched' : standing.rung
  const { reasons, kinds, allowedRoutes } = grounds ?? earlier ?? { reasons: [], kinds: [], allowedRoutes: [] }
  return {
    clientId,
    rung,
    sinceMs,
    untilMs,
    reasons,
    kinds,
    allowedRoutes,
    basis: standing.kind === 'held' ? standing.basis : 'one-kind',
    count,
    by: standing.kind === 'held' ? standing.by : 'machine',
    origin: grounds === undefined && earlier !== undefined ? earlier.origin : context.origin,
    retryAfterMs: rung === 'slowed' ? slowIntervalMs : 0,
  }
}

/** A client that is let go, for other nodes: a person's word stands until the pardon ends, the machine's is over at once. */
export function letGo(
  clientId: string,
  change: { readonly before: Standing; readonly after: Standing; readonly event: { readonly atMs: number } },
  origin: string,
): Hold {
  const { before, after, event } = change
  const isPerson = after.kind === 'pardoned'
  return {
    clientId,
    rung: 'free',
    sinceMs: event.atMs,
    untilMs: isPerson ? after.untilMs : event.atMs,
    reasons: [],
    kinds: [],
    basis: 'one-kind',
    count: isPerson || before.kind !== 'held' ? 0 : before.count,
    by: isPerson ? 'person' : 'machine',
    origin,
    retryAfterMs: 0,
    allowedRoutes: [],
  }
}
