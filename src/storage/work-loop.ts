/** Runs steps one after the other for as long as there is work; never two at once. After a fault it rests a while. */
export type WorkLoop = {
  /** Goes to work unless it is there already. */
  readonly wake: () => void
  /** Resolves when the step under way has ended; no other begins. */
  readonly stop: () => Promise<void>
}

export type WorkLoopOptions = {
  readonly hasWork: () => boolean
  readonly step: () => Promise<void>
  readonly onFault: (thrown: unknown) => void
  readonly restMs: number
}

export function createWorkLoop({ hasWork, step, onFault, restMs }: WorkLoopOptions): WorkLoop {
  let running: Promise<void> | undefined
  let restTimer: NodeJS.Timeout | undefined
  let isStopped = false

  async function work(): Promise<void> {
    try {
      while (!isStopped && hasWork()) await step()
    } catch (thrown) {
      if (isStopped) return
      onFault(thrown)
      restTimer = setTimeout(() => {
        restTimer = undefined
        wake()
      }, restMs)
      restTimer.unref()
    }
  }

  function wake(): void {
    if (isStopped || running !== undefined || restTimer !== undefined || !hasWork()) return
    running = work().finally(() => {
      running = undefined
      wake()
    })
  }

  return {
    wake,
    stop: async () => {
      isStopped = true
      clearTimeout(restTimer)
      await running
    },
  }
}
