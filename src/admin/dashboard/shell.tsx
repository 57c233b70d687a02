import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Api } from './api.ts'
import { countOf } from './format.ts'
import type { State } from './forms.ts'
import { Logo, ModeBadge } from './parts/badges.tsx'
import { usePolled } from './polling.ts'
import { useView, type ViewName } from './router.ts'
import { type Notice, Shared } from './shell-context.ts'
import { Cells } from './views/cells.tsx'
import { Detectors } from './views/detectors.tsx'
import { Held } from './views/held.tsx'
import { Overview } from './views/overview.tsx'
import { Profiles } from './views/profiles.tsx'
import { ReviewList } from './views/review.tsx'
import { Rules } from './views/rules.tsx'
import { Tolerances } from './views/tolerances.tsx'

const noticeMs = 8_000

type Entry = {
  readonly name: ViewName
  readonly label: string
  readonly View: () => React.ReactNode
  readonly count?: (state: State) => number
}

const entries: readonly Entry[] = [
  { name: 'overview', label: 'Overview', View: Overview },
  { name: 'review', label: 'Review', View: ReviewList, count: (state) => state.counts.openCases },
  { name: 'held', label: 'Held clients', View: Held, count: (state) => state.counts.held },
  { name: 'cells', label: 'Memory cells', View: Cells, count: (state) => state.counts.cells },
  { name: 'profiles', label: 'Learned profiles', View: Profiles },
  { name: 'detectors', label: 'Detectors', View: Detectors },
  { name: 'tolerances', label: 'Tolerances', View: Tolerances, count: (state) => state.counts.tolerances },
  { name: 'rules', label: 'Routes and rules', View: Rules },
]

function Navigation({ current, state }: { current: ViewName; state: State | null }) {
  return (
    <nav aria-label="Views">
      <ul className="nav">
        {entries.map(({ name, label, count }) => {
          const value = state === null || count === undefined ? 0 : count(state)
          return (
            <li key={name}>
              <a href={`#/${name}`} aria-current={name === current ? 'page' : undefined}>
                {label}
                {value > 0 && <span className="nav-count">{value}</span>}
              </a>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

/** One line that screen readers hear when it changes, and only then. */
function Announcer({ state }: { state: State | null }) {
  const text =
    state === null
      ? ''
      : `${countOf(state.counts.held, 'client')} held, ${countOf(state.counts.openCases, 'case')} to review`
  return (
    <p className="only-heard" aria-live="polite">
      {text}
    </p>
  )
}

function NoticeLine({ notice, onClose }: { notice: Notice | null; onClose: () => void }) {
  return (
    <output className="notice-place">
      {notice !== null && (
        <span className={`notice notice-${notice.kind}`}>
          {notice.text}
          <button type="button" className="plain" aria-label="Dismiss" onClick={onClose}>
            ×
          </button>
        </span>
      )}
    </output>
  )
}

function useNotice() {
  const [notice, setNotice] = useState<Notice | null>(null)
  useEffect(() => {
    if (notice === null) return
    const timer = setTimeout(() => setNotice(null), noticeMs)
    return () => clearTimeout(timer)
  }, [notice])
  return [notice, setNotice] as const
}

/** A new view takes the focus, so that the keyboard and the reader start at its top. */
function useViewFocus(label: string) {
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  useEffect(() => {
    document.title = `${label} · Thymus`
    if (!isFirst.current) main.current?.focus()
    isFirst.current = false
  }, [label])
  return main
}

export function Shell({ api, user, onSignOut }: { api: Api; user: string; onSignOut: () => Promise<void> }) {
  const current = useView()
  const { data: state, error, refresh } = usePolled<State>(api, '/state')
  const [notice, setNotice] = useNotice()
  const entry = entries.find(({ name }) => name === current) ?? entries[0]
  const main = useViewFocus(entry?.label ?? 'Thymus')
  const offsetMs = useOffset(state)
  const say = useCallback((next: Notice) => setNotice(next), [setNotice])
  const shared = useMemo(
    () => ({ api, state, offsetMs, say, refreshState: refresh }),
    [api, state, offsetMs, say, refresh],
  )
  return (
    <Shared value={shared}>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <div className="shell">
        <header className="side">
          <a className="brand" href="#/overview">
            <Logo /> Thymus
          </a>
          {state !== null && <ModeBadge mode={state.mode} />}
          <Navigation current={current} state={state} />
          <div className="who">
            <span>Signed in as {user}</span>
            <button type="button" className="quiet" onClick={() => void onSignOut()}>
              Sign out
            </button>
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1}>
          {error !== null && (
            <p className="banner banner-bad" role="alert">
              {error} What you see is the last known state; trying again every two seconds.
            </p>
          )}
          <NoticeLine notice={notice} onClose={() => setNotice(null)} />
          {entry !== undefined && <entry.View />}
        </main>
      </div>
      <Announcer state={state} />
    </Shared>
  )
}

/** Moves only when it is off by more than the network explains, so that countdowns stay calm. */
function useOffset(state: State | null): number {
  const kept = useRef(0)
  if (state !== null) {
    const measured = state.nowMs - Date.now()
    if (Math.abs(measured - kept.current) > 1_500) kept.current = measured
  }
  return kept.current
}
