import { useId } from 'react'

/** A titled part of a view. */
export function Panel({ title, hint, children }: { title: string; hint?: string; children: React.ReactNode }) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint !== undefined && <p className="hint panel-hint">{hint}</p>}
      {children}
    </section>
  )
}

export function ViewHead({ title, lead, children }: { title: string; lead: string; children?: React.ReactNode }) {
  return (
    <div className="view-head">
      <div>
        <h1>{title}</h1>
        <p className="lead">{lead}</p>
      </div>
      {children}
    </div>
  )
}

/** Nothing to show is a state of its own, with a sentence that says why and what would change it. */
export function Empty({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      <p>{children}</p>
    </div>
  )
}

/** A wide table scrolls within its own frame, and the keyboard can reach the frame. */
export function TableFrame({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1)
    <section className="table-frame" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

export function Loading() {
  return <p className="loading">Loading…</p>
}
