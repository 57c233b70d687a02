// Behaviour: what a client does over time, and the danger signals in it.
// It must not look for payloads, decide, or call a client bad for being unlike others in one single way.
import type { Config } from '../config/schema.ts'
import { BoundedMap } from '../core/bounded-map.ts'
import type { Client } from '../core/client.ts'
import type { Clock } from '../core/clock.ts'
import type { Finding } from '../core/finding.ts'
import { hashText } from '../core/hash.ts'
import type { Random } from '../core/random.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { createActivity } from './activity.ts'
import {
  type ClientTrack,
  createClientTrack,
  findRouteTrack,
  newDistinctHalves,
  noteObject,
  type RouteTrack,
  rotate,
  routeTrackOf,
} from './client-track.ts'
import { type ClientConduct, conductOf } from './conduct.ts'
import { addDistinct, countDistinct } from './distinct.ts'
import { createObjectId, readObjectId } from './object-id.ts'
import {
  createPopulations,
  createQuantile,
  notePopulationAnswer,
  notePopulationTouch,
  noteQuantile,
  type RoutePopulation,
  touchObject,
  trustedAnswers,
} from './population.ts'
import { readSignIn } from './sign-in.ts'
import { judge, minWalk } from './signals.ts'

export type { ClientConduct } from './conduct.ts'

/** How a request ended, as far as conduct is concerned. */
export type ConductOutcome = {
  /** Status that the client got; 0 when it went away. */
  readonly status: number
  readonly atMs: number
  /** True when Thymus refused: what the upstream would have said is unknown, so no answer is counted. */
  readonly isRefused?: boolean
}

/** The conduct of clients over time. */
export type Behaviour = {
  /** Counts the request and appends danger signals about the client so far. Synchronous; once per request. */
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /** Takes in how a request ended, once per request. */
  readonly observe: (request: CanonicalRequest, outcome: ConductOutcome) => void
  readonly conduct: (clientId: string) => ClientConduct | undefined
  /** Clients seen within the window. */
  readonly activeClients: () => number
  /** Most recently seen first. */
  readonly list: (limit: number) => readonly ClientConduct[]
  /** Clients and routes that were forgotten because a cap was reached. */
  readonly dropped: () => number
}

/** Routes whose ordinary figures are kept. */
const maxPopulations = 2_000
/** Values that one client may add to a population within one window, so that nobody defines what is ordinary alone. */
const maxContributions = 3
const unknownRate = 0.02
/** Windows of silence after which a client is forgotten, so that memory follows who is there and not who ever was. */
const idleWindows = 5

export function createBehaviour(options: {
  readonly config: Config['behaviour']
  readonly clock: Clock
  readonly random: Random
}): Behaviour {
  const { config, clock } = options
  const clients = new BoundedMap<string, ClientTrack>(config.maxClients)
  const populations = createPopulations(maxPopulations)
  const activity = createActivity(config.windowMs)
  const requestsOfClients = createQuantile()
  const objectId = createObjectId()
  const around = { unknownShare: 1, requests: requestsOfClients }
  const context = { nowMs: 0, settings: config, around, findings: [] as Finding[] }

  const trackOf = (client: Client, nowMs: number): ClientTrack => {
    let track = clients.get(client.id)
    if (track === undefined) {
      forgetIdle(clients, nowMs - idleWindows * config.windowMs)
      track = createClientTrack(client, nowMs)
      clients.set(client.id, track)
    } else if (nowMs - track.halfStartMs >= config.windowMs) {
      noteQuantile(requestsOfClients, track.tally.current.requests)
      rotate(track, nowMs, config.windowMs)
    }
    if (nowMs > track.lastSeenMs) track.lastSeenMs = nowMs
    track.address = client.address
    track.epoch = activity.note(track.epoch, nowMs)
    return track
  }

  const countUnknown = (track: ClientTrack, isUnknown: boolean): void => {
    if (track.tally.current.requests > maxContributions) return
    around.unknownShare += unknownRate * ((isUnknown ? 1 : 0) - around.unknownShare)
  }

  const inspect = (request: CanonicalRequest, findings: Finding[]): void => {
    const nowMs = clock.now()
    const track = trackOf(request.client, nowMs)
    track.tally.current.requests += 1
    countUnknown(track, request.route.id === -1)
    const routeTrack = routeTrackOf(track, request.route, populations.of)
    if (readObjectId(request, objectId)) noteObject(routeTrack, objectId, nowMs)
    context.nowMs = nowMs
    context.findings = findings
    judge(track, routeTrack, context)
  }

  const observe = (request: CanonicalRequest, outcome: ConductOutcome): void => {
    const track = clients.peek(request.client.id)
    if (track === undefined || outcome.isRefused === true || outcome.status === 0) return
    const routeTrack = findRouteTrack(track, request.route)
    if (routeTrack === undefined) return
    noteAnswer(track, routeTrack, { request, status: outcome.status })
    if (routeTrack.objects !== null && readObjectId(request, objectId))
      noteObjectAnswer(track, routeTrack, { objectHash: objectId.hash, status: outcome.status, config })
    routeTrack.contributions += 1
  }

  return {
    inspect,
    observe,
    conduct: (clientId) => {
      const track = clients.peek(clientId)
      return track === undefined ? undefined : conductOf(track, clock.now(), config.windowMs)
    },
    activeClients: () => activity.count(clock.now()),
    list: (limit) => {
      const all = [...clients.values()]
      const recent = all.slice(Math.max(0, all.length - limit)).reverse()
      return recent.map((track) => conductOf(track, clock.now(), config.windowMs))
    },
    dropped: () => clients.dropped + populations.dropped(),
  }
}

/** At most two for each one that comes, so that no request pays for many. */
function forgetIdle(clients: BoundedMap<string, ClientTrack>, beforeMs: number): void {
  let left = 2
  for (const [clientId, track] of clients.entries()) {
    if (left === 0 || track.lastSeenMs >= beforeMs) return
    clients.delete(clientId)
    left -= 1
  }
}

/** 502 to 504 say that the upstream is away, which is no conduct of the client. */
function isErrorStatus(status: number): boolean {
  return status >= 400 && (status < 502 || status > 504)
}

function isDeniedStatus(status: number): boolean {
  return status === 401 || status === 403 || status === 404
}

function noteAnswer(
  track: ClientTrack,
  routeTrack: RouteTrack,
  { request, status }: { request: CanonicalRequest; status: number },
): void {
  const tally = track.tally.current
  const { population } = routeTrack
  const isError = isErrorStatus(status)
  tally.answers += 1
  if (population.answers >= trustedAnswers) tally.expectedErrors += population.errorShare
  if (status < 400) routeTrack.hasSucceeded = true
  if (routeTrack.contributions < maxContributions) notePopulationAnswer(population, isError, isDeniedStatus(status))
  noteSignIn(track, population, { request, status })
  if (!isError) return
  tally.errors += 1
  if (isDeniedStatus(status)) tally.denied += 1
  const target = hashText(request.path)
  track.errorTargets ??= newDistinctHalves()
  addDistinct(track.errorTargets.current, target)
  if (request.route.id !== -1) return
  track.unknownTargets ??= newDistinctHalves()
  addDistinct(track.unknownTargets.current, target)
}

function noteSignIn(
  track: ClientTrack,
  population: RoutePopulation,
  { request, status }: { request: CanonicalRequest; status: number },
): void {
  // Successes count only where sign-ins are known to fail at times, so that ordinary answers cost nothing.
  if (status >= 500 || status === 429 || (status < 400 && !population.hasSignIns)) return
  const account = readSignIn(request)
  if (account === -1) return
  population.hasSignIns = true
  track.tally.current.signIns += 1
  if (status < 400) return
  track.tally.current.failedSignIns += 1
  track.accounts ??= newDistinctHalves()
  if (account !== 0) addDistinct(track.accounts.current, account)
}

function noteObjectAnswer(
  track: ClientTrack,
  routeTrack: RouteTrack,
  { objectHash, status, config }: { objectHash: number; status: number; config: Config['behaviour'] },
): void {
  const { objects, population } = routeTrack
  if (objects === null) return
  const steps = objects.steps.current
  steps.answers += 1
  if (isDeniedStatus(status)) steps.denied += 1
  if (status >= 300) return
  // Who touches many objects claims none: a walker must not make the owners look like strangers.
  const mayClaim = countDistinct(objects.seen.current) < minWalk(config)
  const isForeign = touchObject(population, objectHash, { clientHash: track.clientHash, mayClaim })
  if (isForeign) steps.foreign += 1
  if (routeTrack.contributions < maxContributions) notePopulationTouch(population, isForeign)
}
