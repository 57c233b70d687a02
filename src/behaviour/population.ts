import { BoundedMap } from '../core/bounded-map.ts'
import type { Route } from '../request/route.ts'

/** What is ordinary for a route among all clients. One client gives at most a few values per window. */
export type RoutePopulation = {
  readonly route: Route
  /** Decaying share of answers that are errors, and how many answers stand behind it. */
  errorShare: number
  answers: number
  /** Decaying share of answers with 401, 403 or 404. */
  deniedShare: number
  /** Decaying share of objects that another client had before: near 1 for a catalogue, near 0 for private things. */
  sharedShare: number
  touches: number
  /** Objects that a busy client asks for within a window (95 % quantile). */
  readonly objects: Quantile
  /** Whether a sign-in failed here once. */
  hasSignIns: boolean
  /** Who had an object last: slot -> (id, client), made at the first object. */
  owners: Uint32Array | null
}

/** A quantile that follows its input by steps; a single value, however large, moves it by one step only. */
export type Quantile = { value: number; samples: number }

const ownerSlots = 1_024
const rate = 0.05
/** Values before an ordinary share is believed. */
export const trustedAnswers = 20
const trustedTouches = 30
const trustedWindows = 20

export function createPopulations(capacity: number): {
  readonly of: (route: Route) => RoutePopulation
  readonly dropped: () => number
} {
  const byTemplate = new BoundedMap<string, RoutePopulation>(capacity)
  return {
    of: (route) => {
      const key = `${route.method} ${route.service}${route.template}`
      const known = byTemplate.get(key)
      if (known !== undefined) return known
      const made = createPopulation(route)
      byTemplate.set(key, made)
      return made
    },
    dropped: () => byTemplate.dropped,
  }
}

function createPopulation(route: Route): RoutePopulation {
  return {
    route,
    errorShare: 0,
    answers: 0,
    deniedShare: 0,
    sharedShare: 0,
    touches: 0,
    objects: createQuantile(),
    hasSignIns: false,
    owners: null,
  }
}

export function createQuantile(): Quantile {
  return { value: 1, samples: 0 }
}

/** Robbins-Monro steps towards the 95 % quantile, in proportion to its size. */
export function noteQuantile(quantile: Quantile, sample: number): void {
  quantile.samples += 1
  const step = Math.max(1, quantile.value) * (quantile.samples < 100 ? 0.2 : 0.05)
  quantile.value = sample > quantile.value ? quantile.value + step * 0.95 : Math.max(1, quantile.value - step * 0.05)
}

/** The quantile once enough clients stand behind it, else 0. */
export function trustedQuantile(quantile: Quantile): number {
  return quantile.samples >= trustedWindows ? quantile.value : 0
}

export function notePopulationAnswer(population: RoutePopulation, isError: boolean, isDenied: boolean): void {
  population.answers += 1
  const weight = Math.max(rate, 1 / (population.answers + 1))
  population.errorShare += weight * ((isError ? 1 : 0) - population.errorShare)
  population.deniedShare += weight * ((isDenied ? 1 : 0) - population.deniedShare)
}

export function notePopulationTouch(population: RoutePopulation, isForeign: boolean): void {
  population.touches += 1
  const weight = Math.max(rate, 1 / (population.touches + 1))
  population.sharedShare += weight * ((isForeign ? 1 : 0) - population.sharedShare)
}

/** Whether objects of this route belong to one client each, as far as many touches show. */
export function isPrivate(population: RoutePopulation): boolean {
  return population.touches >= trustedTouches && population.sharedShare < 0.15
}

/** Whether another client had the object last; `mayClaim` says whether this client becomes the one who had it. */
export function touchObject(
  population: RoutePopulation,
  objectHash: number,
  owner: { readonly clientHash: number; readonly mayClaim: boolean },
): boolean {
  population.owners ??= new Uint32Array(ownerSlots * 2)
  const { owners } = population
  const slot = (Math.imul(objectHash, 0x9e3779b1) >>> 22) * 2
  const isKnown = owners[slot] === objectHash && owners[slot + 1] !== 0
  if (isKnown) return owners[slot + 1] !== owner.clientHash
  if (owner.mayClaim) {
    owners[slot] = objectHash
    owners[slot + 1] = owner.clientHash
  }
  return false
}
