import { useCallback, useEffect, useRef, useState } from 'react'
import type { Api } from './api.ts'

export const refreshMs = 2_000

/** What was last read, whether the last reading failed, and a way to read again at once. */
export type Polled<T> = {
  readonly data: T | null
  readonly error: string | null
  readonly refresh: () => void
}

/** Reads a path again and again while the page is visible. */
export function usePolled<T>(api: Api, path: string, intervalMs = refreshMs): Polled<T> {
  const [data, setData] = useState<{ readonly path: string; readonly value: T } | null>(null)
  const [error, setError] = useState<string | null>(null)
  const trigger = useRef<() => void>(() => {})

  useEffect(() => {
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let round = 0

    async function read(): Promise<void> {
      clearTimeout(timer)
      round += 1
      const own = round
      try {
        const value = await api.get<T>(path, abort.signal)
        if (own !== round || abort.signal.aborted) return
        setData({ path, value })
        setError(null)
      } catch (thrown) {
        if (own !== round || abort.signal.aborted) return
        setError(thrown instanceof Error ? thrown.message : String(thrown))
      }
      timer = setTimeout(() => void (document.hidden ? wait() : read()), intervalMs)
    }

    function wait(): void {
      timer = setTimeout(() => void (document.hidden ? wait() : read()), intervalMs)
    }

    trigger.current = () => void read()
    void read()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [api, path, intervalMs])

  const refresh = useCallback(() => trigger.current(), [])
  // What was read under another path belongs to another question.
  return { data: data?.path === path ? data.value : null, error, refresh }
}

/** The server's time, ticking; `offsetMs` is how far it is ahead of this machine's. */
export function useNow(offsetMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now() + offsetMs)
  useEffect(() => {
    setNowMs(Date.now() + offsetMs)
    const timer = setInterval(() => setNowMs(Date.now() + offsetMs), 1_000)
    return () => clearInterval(timer)
  }, [offsetMs])
  return nowMs
}
