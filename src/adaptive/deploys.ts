import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { FieldId } from '../core/finding.ts'
import { compileGlob } from '../core/glob.ts'
import type { StateRecord } from '../storage/record.ts'
import type { RecordLog } from '../storage/record-log.ts'

/** What a deploy changed. */
export type DeployScope = {
  /** `*` for any. */
  readonly service: string
  /** Route template; `*` stands for one segment or a part of it, `**` for any number. */
  readonly route: string
}

/** A person's or a pipeline's word that a new version went live: new things are expected for a while. */
export type Deploy = {
  readonly id: string
  readonly scope: DeployScope
  readonly by: string
  readonly reason: string
  readonly markedAtMs: number
  /** End of the window within which new routes and parameters are expected. */
  readonly untilMs: number
  readonly isRunning: boolean
}

export type DeployPlace = Pick<FieldId, 'service' | 'method' | 'route'>

/** Marks of deploys; kept in the record log, so that every node of the fleet honours them. */
export type Deploys = {
  /** Marks a deploy that starts now. Throws RangeError when the window is not within `deployWindowRange`. */
  readonly mark: (scope: DeployScope, how: { by: string; reason: string; windowMs?: number | undefined }) => Deploy
  /** Marks of the last seven days, newest first. */
  readonly list: () => readonly Deploy[]
  readonly isRunning: (place: DeployPlace) => boolean
  /** Stops following the record log. */
  readonly close: () => void
}

export type DeploysOptions = {
  readonly records: RecordLog
  readonly clock: Clock
  /** Length of a window when the mark names none. */
  readonly windowMs?: number
}

/** A window that nobody ends would let an attacker's new parameters in for ever. */
export const deployWindowRange = { min: 60_000, max: 86_400_000 } as const
export const defaultDeployWindowMs = 1_800_000
/** How long a mark is listed after its window. */
const keptMs = 7 * 86_400_000
/** Clocks of the fleet may differ by this much; a mark from further ahead is not a mark yet. */
const maxSkewMs = 300_000

const bodySchema = z.strictObject({
  scope: z.strictObject({ service: z.string(), route: z.string() }),
  by: z.string(),
  reason: z.string(),
  markedAtMs: z.int().nonnegative(),
  untilMs: z.int().nonnegative(),
})

type Mark = { readonly deploy: Omit<Deploy, 'isRunning'>; readonly isInScope: (place: DeployPlace) => boolean }

export function createDeploys({ records, clock, windowMs: usualMs = defaultDeployWindowMs }: DeploysOptions): Deploys {
  let marks: Mark[] = []
  const refresh = (): void => {
    marks = records.list('deploy').flatMap(toMark).sort(newestFirst)
  }
  const unsubscribe = records.subscribe(({ record }) => {
    if (record.kind === 'deploy' || record.kind === 'revocation') refresh()
  })
  refresh()
  return {
    mark: (scope, { by, reason, windowMs = usualMs }) => {
      const { min, max } = deployWindowRange
      if (!Number.isInteger(windowMs) || windowMs < min || windowMs > max) {
        throw new RangeError(`windowMs is ${windowMs}, expected a whole number from ${min} to ${max}`)
      }
      const markedAtMs = Math.floor(clock.now())
      const untilMs = markedAtMs + windowMs
      const body = { scope: { service: scope.service, route: scope.route }, by, reason, markedAtMs, untilMs }
      const subject = `${markedAtMs} ${scope.service} ${scope.route}`.slice(0, 512)
      const expiresAtMs = untilMs + keptMs
      const { id } = records.append({ kind: 'deploy', subject, rank: 'person', expiresAtMs, body })
      refresh()
      return { id, ...body, isRunning: true }
    },
    list: () => {
      refresh()
      const nowMs = clock.now()
      return marks.map(({ deploy }) => ({ ...deploy, isRunning: isRunningAt(deploy, nowMs) }))
    },
    isRunning: (place) => {
      if (marks.length === 0) return false
      const nowMs = clock.now()
      return marks.some(({ deploy, isInScope }) => isRunningAt(deploy, nowMs) && isInScope(place))
    },
    close: unsubscribe,
  }
}

function isRunningAt({ markedAtMs, untilMs }: Mark['deploy'], nowMs: number): boolean {
  return markedAtMs - maxSkewMs <= nowMs && nowMs < untilMs
}

/** A record of the fleet is believed only as far as a mark could have been made here. */
function toMark(record: StateRecord): Mark[] {
  const parsed = bodySchema.safeParse(record.body)
  if (!parsed.success || record.rank !== 'person') return []
  const { markedAtMs, untilMs, scope } = parsed.data
  if (untilMs - markedAtMs > deployWindowRange.max) return []
  return [{ deploy: { id: record.id, ...parsed.data }, isInScope: compileDeployScope(scope) }]
}

function compileDeployScope({ service, route }: DeployScope): (place: DeployPlace) => boolean {
  const isRoute = compileGlob(route)
  return (place) => (service === '*' || place.service === service) && isRoute(place.route)
}

function newestFirst({ deploy: left }: Mark, { deploy: right }: Mark): number {
  return right.markedAtMs - left.markedAtMs || (left.id < right.id ? -1 : 1)
}
