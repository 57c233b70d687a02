import { createContext, useContext } from 'react'
import type { Api } from './api.ts'
import type { State } from './forms.ts'

/** What every view can use. */
export type ShellContext = {
  readonly api: Api
  /** Null until the first reading. */
  readonly state: State | null
  /** How far the server's clock is ahead of this machine's. */
  readonly offsetMs: number
  /** Says the outcome of an action, to eyes and to screen readers. */
  readonly say: (notice: Notice) => void
  /** Reads the state again at once, after something was changed. */
  readonly refreshState: () => void
}

export type Notice = { readonly kind: 'done' | 'failed'; readonly text: string }

export const Shared = createContext<ShellContext | null>(null)

export function useShell(): ShellContext {
  const shell = useContext(Shared)
  if (shell === null) throw new Error('a view is rendered outside the shell')
  return shell
}

/** Runs a change; says what came of it. Resolves to whether it worked. */
export function useAction(): <T>(work: () => Promise<T>, done: (result: T) => string) => Promise<boolean> {
  const { say, refreshState } = useShell()
  return async (work, done) => {
    try {
      const result = await work()
      say({ kind: 'done', text: done(result) })
      refreshState()
      return true
    } catch (thrown) {
      say({ kind: 'failed', text: thrown instanceof Error ? thrown.message : String(thrown) })
      return false
    }
  }
}
