import type { Layer } from './finding.ts'
import type { Verdict } from './verdict.ts'

/** How a request ended, in the words that telemetry, behaviour and learning share. */
export type Exchange = {
  readonly atMs: number
  readonly clientId: string
  readonly service: string
  readonly method: string
  /** Route template. */
  readonly route: string
  readonly verdict: Verdict
  /** Status that the client got; 0 when it went away first. */
  readonly status: number
  readonly durationMs: number
}

/** What happened, for everyone who wants to know: audit log, metrics, demo, dashboard. */
export type ThymusEvent =
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'fault'; readonly layer: Layer | 'engine' | 'store'; readonly message: string }
  /** A layer left a part of a request to the others, as all of it would have taken too long. */
  | { readonly kind: 'shed'; readonly layer: Layer }
  | {
      readonly kind: 'profile-state'
      readonly service: string
      readonly route: string
      readonly state: string
      readonly detail: string
    }
  | {
      readonly kind: 'hold'
      readonly clientId: string
      readonly rung: string
      readonly reason: string
      readonly untilMs: number
    }
  | { readonly kind: 'release'; readonly clientId: string; readonly by: string; readonly reason: string }
  | {
      readonly kind: 'cell'
      readonly cellId: string
      readonly change: 'born' | 'learned' | 'retired'
      readonly reason: string
    }
  | { readonly kind: 'breaker'; readonly subject: string; readonly reason: string }
  | { readonly kind: 'store'; readonly state: 'connected' | 'disconnected'; readonly detail: string }
  | { readonly kind: 'admin'; readonly actor: string; readonly action: string; readonly subject: string }

export type EventListener = (event: ThymusEvent) => void

export type EventBus = {
  readonly emit: EventListener
  /** Returns the function that ends the subscription. */
  readonly subscribe: (listener: EventListener) => () => void
}

/** Calls listeners in order, synchronously. A listener that throws loses its event and disturbs nobody. */
export function createEventBus(): EventBus {
  const listeners = new Set<EventListener>()
  return {
    emit: (event) => {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch {
          // A broken observer must not break the request that it observes.
        }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** Keeps events back until somebody listens: what is said while the listeners are still being opened is not lost. */
export function holdEvents(emit: EventListener): { readonly emit: EventListener; readonly release: () => void } {
  let held: ThymusEvent[] | null = []
  return {
    emit: (event) => {
      if (held === null) emit(event)
      else held.push(event)
    },
    release: () => {
      const before = held ?? []
      held = null
      for (const event of before) emit(event)
    },
  }
}
