/**
 * How many clients are active, without ever going through them: each client is counted once per window, and clients
 * that were in the window before are counted once as overlap.
 */
export type Activity = {
  /** Counts a client that was last counted in window `epoch`; returns the window it is counted in now. */
  readonly note: (epoch: number, nowMs: number) => number
  readonly count: (nowMs: number) => number
}

export function createActivity(windowMs: number): Activity {
  let window = -1
  let current = 0
  let before = 0
  let overlap = 0

  const turn = (nowMs: number): void => {
    const next = Math.floor(nowMs / windowMs)
    if (next <= window) return
    before = next === window + 1 ? current : 0
    window = next
    current = 0
    overlap = 0
  }

  return {
    note: (epoch, nowMs) => {
      turn(nowMs)
      if (epoch === window) return epoch
      current += 1
      if (epoch === window - 1) overlap += 1
      return window
    },
    count: (nowMs) => {
      turn(nowMs)
      const carry = Math.min(1, Math.max(0, 1 - (nowMs / windowMs - window)))
      return Math.round(current + Math.max(0, before - overlap) * carry)
    },
  }
}
