/** Where time comes from. Injected everywhere, so that tests and replays own it. */
export type Clock = {
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export const systemClock: Clock = { now: Date.now }

/** A clock that stands still until it is told to move. */
export type ManualClock = Clock & {
  readonly advance: (ms: number) => void
  readonly set: (ms: number) => void
}

export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs
  return {
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms
    },
    set: (ms) => {
      nowMs = ms
    },
  }
}
