import { BoundedMap } from '../core/bounded-map.ts'
import type { Clock } from '../core/clock.ts'

const windowMs = 15 * 60_000
const maxAddresses = 4_096
/** Failures of all addresses together, as a multiple of what one may have: guessing from many addresses ends too. */
const globalFactor = 20

type Tally = { startMs: number; failures: number }

/** Counts failed sign-ins per address and over all of them. */
export type SignInLimit = {
  /** Takes an attempt before the password is looked at; returns milliseconds to wait, 0 when it may go on. */
  readonly take: (address: string) => number
  /** Gives the attempt back: it succeeded. */
  readonly succeeded: (address: string) => void
}

export function createSignInLimit(clock: Clock, maxAttempts: number): SignInLimit {
  const tallies = new BoundedMap<string, Tally>(maxAddresses)
  const all: Tally = { startMs: 0, failures: 0 }

  function waitMs(tally: Tally, limit: number): number {
    const nowMs = clock.now()
    if (nowMs - tally.startMs >= windowMs) {
      tally.startMs = nowMs
      tally.failures = 0
    }
    return tally.failures < limit ? 0 : tally.startMs + windowMs - nowMs
  }

  return {
    take: (address) => {
      const own = tallies.get(address) ?? { startMs: clock.now(), failures: 0 }
      tallies.set(address, own)
      const wait = Math.max(waitMs(own, maxAttempts), waitMs(all, maxAttempts * globalFactor))
      if (wait > 0) return wait
      own.failures += 1
      all.failures += 1
      return 0
    },
    succeeded: (address) => {
      tallies.delete(address)
      all.failures = Math.max(0, all.failures - 1)
    },
  }
}
