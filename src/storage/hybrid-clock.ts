import type { Clock } from '../core/clock.ts'

/** Milliseconds since the epoch, then a counter within them (Kulkarni et al. 2014, "Logical physical clocks"). */
export type HybridTime = readonly [ms: number, counter: number]

export type HybridClock = {
  /** A time later than every one given or observed before, however the wall clock moves. */
  readonly next: () => [number, number]
  /** Moves past a time that another node gave. */
  readonly observe: (time: HybridTime) => void
}

/** Negative, zero or positive as `left` is before, at or after `right`. */
export function compareTimes(left: HybridTime, right: HybridTime): number {
  return left[0] - right[0] || left[1] - right[1]
}

export function createHybridClock(clock: Clock): HybridClock {
  let last: [number, number] = [0, 0]
  return {
    next: () => {
      const nowMs = Math.max(0, Math.trunc(clock.now()))
      last = nowMs > last[0] ? [nowMs, 0] : [last[0], last[1] + 1]
      return [last[0], last[1]]
    },
    observe: (time) => {
      if (compareTimes(time, last) > 0) last = [time[0], time[1]]
    },
  }
}
