import { setTimeout as wait } from 'node:timers/promises'
import type { EventListener } from '../core/events.ts'
import type { Random } from '../core/random.ts'
import { firstAttackerAddress, runAttacker, runSecondAttacker, secondAttackerAddress } from './attackers.ts'
import { describeDemoSettings } from './demo-config.ts'
import type { Explanation, HoldNote, Logbook } from './logbook.ts'
import type { Reply } from './visitor.ts'

/** Where learning stands; the part of the gateway's own figures that the demo reads. */
export type DemoProgress = {
  readonly state: string
  readonly routes: number
  /** Number of fields per state. */
  readonly fields: Readonly<Record<string, number>>
  readonly samples: number
  readonly missing: readonly string[]
}

export type DemoDependencies = {
  /** The gateway in front of `createDemoApi()`, started with `demoConfig()`. */
  readonly gatewayUrl: string
  readonly adminUrl: string
  readonly progress: () => DemoProgress
  /** Returns the function that ends the subscription. */
  readonly subscribe: (listener: EventListener) => () => void
  readonly log: (line: string) => void
  readonly random: Random
  /** Ends the demo early; `runDemo` then rejects with the reason of the abort. */
  readonly signal: AbortSignal
  /** When true the people go on after the last step, until `signal` aborts. */
  readonly keepsTraffic?: boolean
  readonly timing?: Partial<DemoTiming>
}

export type DemoTiming = {
  readonly personas: number
  /** Time that learning gets at most. */
  readonly maxLearningMs: number
  readonly progressEveryMs: number
  readonly attackPauseMs: number
  readonly maxAttackRequests: number
  /** Time that an event may take to arrive. */
  readonly eventMs: number
}

/** Share of the fields that have to be mature before the attackers come: some are too rare to mature in a minute. */
const matureShare = 0.8

/** Waits until enough fields are mature or the time is up, and returns how many are. */
export async function showLearning(dependencies: DemoDependencies, timing: DemoTiming): Promise<number> {
  const { log, progress, signal } = dependencies
  log(`1/4 learning: ${timing.personas} people use the API; ${describeDemoSettings()}`)
  for (let waitedMs = 0; ; waitedMs += timing.progressEveryMs) {
    const now = progress()
    const total = Object.values(now.fields).reduce((sum, count) => sum + count, 0)
    const mature = now.fields['mature'] ?? 0
    const isEnough = mature > 0 && mature >= total * matureShare
    if (isEnough || waitedMs >= timing.maxLearningMs) {
      log(`1/4 ${isEnough ? 'learned' : 'time is up'}: ${mature} of ${total} fields on ${now.routes} routes are mature`)
      return mature
    }
    const missing = now.missing[0] === undefined ? '' : `; missing: ${now.missing[0]}`
    log(`    ${now.samples} requests learned on ${now.routes} routes, ${mature} of ${total} fields mature${missing}`)
    await wait(timing.progressEveryMs, undefined, { signal })
  }
}

/** What the steps share. */
export type Stage = { readonly timing: DemoTiming; readonly logbook: Logbook }

/** The first attacker, until the gateway holds it. Returns how many attackers are held. */
export async function showAttack(dependencies: DemoDependencies, { timing, logbook }: Stage): Promise<number> {
  const { log, gatewayUrl, signal } = dependencies
  log(
    `2/4 first attacker at ${firstAttackerAddress}: a payload that no rule describes, and other people's orders by number`,
  )
  let hold: HoldNote | undefined
  let refusals = 0
  const outcome = await runAttacker({
    baseUrl: gatewayUrl,
    signal,
    pauseMs: timing.attackPauseMs,
    maxRequests: timing.maxAttackRequests,
    isOver: async (reply, requestNumber) => {
      const explanation = await explained(reply, logbook, timing.eventMs)
      if (explanation === undefined) return false
      refusals += 1
      if (refusals === 1) log(`    refused at request ${requestNumber}: ${reasonOf(explanation)}`)
      hold = logbook.holdOf(explanation.clientId)
      return hold !== undefined
    },
  })
  if (hold === undefined) log(`2/4 not held after ${outcome.requests} requests`)
  else log(`2/4 held (${hold.rung}) at request ${outcome.requests}: ${hold.reason}`)
  return hold === undefined ? 0 : 1
}

/** The second attacker. Only a refusal to which memory testifies counts. */
export async function showMemory(dependencies: DemoDependencies, { timing, logbook }: Stage): Promise<number | null> {
  const { log, gatewayUrl, signal } = dependencies
  await until(() => logbook.bornCells().length > 0, timing.eventMs)
  const cells = logbook.bornCells()
  log(
    cells.length === 0
      ? '3/4 nothing was remembered'
      : `3/4 remembered: ${cells.map((cell) => cell.reason).join('; ')}`,
  )
  log(`4/4 second attacker at ${secondAttackerAddress}: a variant of the payload, at its first request`)
  let refusedAt: number | null = null
  const outcome = await runSecondAttacker({
    baseUrl: gatewayUrl,
    signal,
    pauseMs: timing.attackPauseMs,
    maxRequests: 5,
    isOver: async (reply, requestNumber) => {
      const explanation = await explained(reply, logbook, timing.eventMs)
      const recall = explanation?.findings.find((finding) => finding.layer === 'memory' && finding.shadow !== true)
      if (recall === undefined) return false
      refusedAt = requestNumber
      log(
        `4/4 second attacker refused at ${requestNumber === 1 ? 'first request' : `request ${requestNumber}`}: ${recall.reason}`,
      )
      return true
    },
  })
  if (refusedAt === null) log(`4/4 memory refused none of the second attacker's ${outcome.requests} requests`)
  return refusedAt
}

/** What the gateway said about a refused request; events may come a moment after the answer. */
export async function explained(reply: Reply, logbook: Logbook, eventMs: number): Promise<Explanation | undefined> {
  const { referenceId } = reply
  if (referenceId === undefined) return undefined
  await until(() => logbook.explain(referenceId) !== undefined, eventMs)
  return logbook.explain(referenceId)
}

export function reasonOf(explanation: Explanation): string {
  const acting = explanation.findings.filter((finding) => finding.shadow !== true)
  const [worst] = acting.toSorted((left, right) => right.score - left.score)
  return worst === undefined ? 'the client is held' : `${worst.reason} (${worst.layer})`
}

async function until(isTrue: () => boolean, timeoutMs: number): Promise<void> {
  const stepMs = 20
  for (let waitedMs = 0; waitedMs < timeoutMs && !isTrue(); waitedMs += stepMs) await wait(stepMs)
}
