import type { Client } from '../core/client.ts'
import type { FieldLocation } from '../core/finding.ts'
import { hashText } from '../core/hash.ts'
import type { Route } from '../request/route.ts'
import { addDistinct, countDistinct, createDistinct, type Distinct, hasDistinct } from './distinct.ts'
import type { ObjectId } from './object-id.ts'
import { noteQuantile, type RoutePopulation } from './population.ts'

/**
 * Everything is counted in two halves, so that updates cost O(1) and nothing needs a timer:
 *
 *   |---- before ----|---- current ----|      sliding count = current + before * (share of `before` still in the window)
 *                            ^ now
 */
export type Halves<T> = { current: T; before: T }

/** Plain counts of one half; the half before is never written to. */
export type Tally = {
  requests: number
  answers: number
  errors: number
  /** Errors that all clients together make ordinary. */
  expectedErrors: number
  denied: number
  signIns: number
  failedSignIns: number
}

/** Objects that one client asked for on one route. */
export type ObjectTrack = {
  readonly seen: Halves<Distinct>
  /** Objects of the current half that were in the half before as well. */
  overlap: number
  readonly steps: Halves<StepTally>
  lastOrder: number
  lastNewMs: number
  /** Decaying time between two new objects; 0 while there was only one. */
  gapMs: number
  location: FieldLocation
  name: string
}

export type StepTally = { steps: number; near: number; answers: number; denied: number; foreign: number }

/** What one client did on one route. */
export type RouteTrack = {
  readonly route: Route
  readonly population: RoutePopulation
  objects: ObjectTrack | null
  /** Values given to the population within the current half. */
  contributions: number
  hasSucceeded: boolean
}

export type ClientTrack = {
  readonly clientId: string
  readonly clientHash: number
  address: string
  readonly firstSeenMs: number
  lastSeenMs: number
  halfStartMs: number
  /** Number of the window in which the client was counted as active. */
  epoch: number
  readonly tally: Halves<Tally>
  /** Most recently used first. */
  readonly routes: RouteTrack[]
  errorTargets: Halves<Distinct> | null
  unknownTargets: Halves<Distinct> | null
  accounts: Halves<Distinct> | null
}

const maxRoutes = 16

export function createClientTrack(client: Client, nowMs: number): ClientTrack {
  return {
    clientId: client.id,
    clientHash: hashText(client.id) || 1,
    address: client.address,
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    halfStartMs: nowMs,
    epoch: -2,
    tally: { current: emptyTally(), before: noTally },
    routes: [],
    errorTargets: null,
    unknownTargets: null,
    accounts: null,
  }
}

/** The track of a route, moved to the front; the least recently used one leaves when there are too many. */
export function routeTrackOf(
  track: ClientTrack,
  route: Route,
  populationOf: (route: Route) => RoutePopulation,
): RouteTrack {
  const { routes } = track
  for (let index = 0; index < routes.length; index += 1) {
    const entry = routes[index]
    if (entry === undefined || !isSameRoute(entry.route, route)) continue
    if (index > 0) {
      routes.copyWithin(1, 0, index)
      routes[0] = entry
    }
    return entry
  }
  const made: RouteTrack = {
    route,
    population: populationOf(route),
    objects: null,
    contributions: 0,
    hasSucceeded: false,
  }
  if (routes.length >= maxRoutes) routes.pop()
  routes.unshift(made)
  return made
}

export function findRouteTrack(track: ClientTrack, route: Route): RouteTrack | undefined {
  for (const entry of track.routes) if (isSameRoute(entry.route, route)) return entry
  return undefined
}

function isSameRoute(one: Route, other: Route): boolean {
  return (
    one === other || (one.template === other.template && one.method === other.method && one.service === other.service)
  )
}

export function noteObject(routeTrack: RouteTrack, id: ObjectId, nowMs: number): void {
  routeTrack.objects ??= createObjectTrack(id)
  const objects = routeTrack.objects
  objects.location = id.location
  objects.name = id.name
  if (!addDistinct(objects.seen.current, id.hash)) return
  if (hasDistinct(objects.seen.before, id.hash)) objects.overlap += 1
  const { current } = objects.steps
  if (objects.lastNewMs > 0) {
    const gap = Math.max(0, nowMs - objects.lastNewMs)
    objects.gapMs = current.steps === 0 && objects.steps.before.steps === 0 ? gap : objects.gapMs * 0.8 + gap * 0.2
    current.steps += 1
    const delta = id.order - objects.lastOrder
    if (delta !== 0 && delta <= 2 && delta >= -2) current.near += 1
  }
  objects.lastOrder = id.order
  objects.lastNewMs = nowMs
}

/** Moves to the halves that belong to `nowMs`. Finished halves teach the populations what is ordinary. */
export function rotate(track: ClientTrack, nowMs: number, windowMs: number): void {
  const age = nowMs - track.halfStartMs
  if (age < windowMs) return
  const isLong = age >= 2 * windowMs
  turnTally(track.tally, isLong)
  for (const entry of track.routes) turnRoute(entry, isLong)
  if (track.errorTargets !== null) turnDistinct(track.errorTargets, isLong)
  if (track.unknownTargets !== null) turnDistinct(track.unknownTargets, isLong)
  if (track.accounts !== null) turnDistinct(track.accounts, isLong)
  track.halfStartMs = isLong ? nowMs : track.halfStartMs + windowMs
}

/** Share of the half before that is still inside the window. */
export function carryOf(track: ClientTrack, nowMs: number, windowMs: number): number {
  return Math.min(1, Math.max(0, 1 - (nowMs - track.halfStartMs) / windowMs))
}

export function distinctObjects(objects: ObjectTrack, carry: number): number {
  const before = countDistinct(objects.seen.before)
  return countDistinct(objects.seen.current) + Math.max(0, before - objects.overlap) * carry
}

export function distinctOf(halves: Halves<Distinct> | null, carry: number): number {
  return halves === null ? 0 : Math.max(countDistinct(halves.current), countDistinct(halves.before) * carry)
}

export function newDistinctHalves(): Halves<Distinct> {
  return { current: createDistinct(), before: nothingSeen }
}

function createObjectTrack(id: ObjectId): ObjectTrack {
  return {
    seen: newDistinctHalves(),
    overlap: 0,
    steps: { current: emptySteps(), before: noSteps },
    lastOrder: Number.NaN,
    lastNewMs: 0,
    gapMs: 0,
    location: id.location,
    name: id.name,
  }
}

function emptyTally(): Tally {
  return { requests: 0, answers: 0, errors: 0, expectedErrors: 0, denied: 0, signIns: 0, failedSignIns: 0 }
}

function emptySteps(): StepTally {
  return { steps: 0, near: 0, answers: 0, denied: 0, foreign: 0 }
}

function turnTally(halves: Halves<Tally>, isLong: boolean): void {
  halves.before = isLong ? noTally : halves.current
  halves.current = emptyTally()
}

function turnRoute(entry: RouteTrack, isLong: boolean): void {
  entry.contributions = 0
  const { objects } = entry
  if (objects === null) return
  const count = countDistinct(objects.seen.current)
  if (count > 0) noteQuantile(entry.population.objects, count)
  turnDistinct(objects.seen, isLong)
  objects.overlap = 0
  objects.steps.before = isLong ? noSteps : objects.steps.current
  objects.steps.current = emptySteps()
}

function turnDistinct(halves: Halves<Distinct>, isLong: boolean): void {
  halves.before = isLong ? nothingSeen : halves.current
  halves.current = createDistinct()
}

/** The half before is only ever read, so that clients without one share these. */
const noTally = emptyTally()
const noSteps = emptySteps()
const nothingSeen = createDistinct()
