import type { CommandContext } from './context.ts'

/** The wish to stop. `end` lets go of the signals. */
export type Stop = {
  readonly signal: AbortSignal
  readonly stopped: Promise<void>
  readonly end: () => void
}

/**
 * Waits for SIGINT or SIGTERM. The first one starts the drain; after that the signals have their usual effect again, so
 * a second Ctrl-C ends the process at once.
 */
export function createStop(context: Pick<CommandContext, 'onSignal'>): Stop {
  const controller = new AbortController()
  const stopped = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()))
  const end = () => {
    for (const unsubscribe of unsubscribes) unsubscribe()
  }
  const stop = () => {
    end()
    controller.abort(new Error('The program was told to stop.'))
  }
  const unsubscribes = [context.onSignal('SIGINT', stop), context.onSignal('SIGTERM', stop)]
  return { signal: controller.signal, stopped, end }
}
