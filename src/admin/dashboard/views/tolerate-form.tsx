import { useEffect, useId, useRef } from 'react'
import { durations } from '../format.ts'
import type { Finding } from '../forms.ts'
import { SelectField } from '../parts/dialog.tsx'

export type Tolerate = { readonly findings: readonly string[]; readonly ttlMs: number } | null

const periods = [
  [String(durations.day), '1 day'],
  [String(7 * durations.day), '7 days'],
  [String(30 * durations.day), '30 days'],
  [String(90 * durations.day), '90 days'],
] as const

/** The distinct sources that are about a field; others can only be tolerated for a whole route, by the API. */
function sourcesOf(findings: readonly Finding[]): readonly { key: string; place: string }[] {
  const places = new Map<string, Set<string>>()
  for (const { field, layer, source } of findings) {
    if (field === null) continue
    const key = `${layer}:${source}`
    places.set(key, (places.get(key) ?? new Set()).add(`${field.location} ${field.name}`))
  }
  return [...places].map(([key, names]) => ({ key, place: [...names].join(', ') }))
}

export function TolerateForm(props: {
  readonly findings: readonly Finding[]
  readonly onDone: (tolerate: Tolerate) => void
  readonly onCancel: () => void
}) {
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const sources = sourcesOf(props.findings)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, button')?.focus(), [])

  function submit(data: FormData): void {
    const findings = data.getAll('finding').map(String)
    props.onDone(findings.length === 0 ? null : { findings, ttlMs: Number(data.get('ttl')) })
  }

  return (
    <form
      ref={form}
      className="tolerate"
      onSubmit={(event) => {
        event.preventDefault()
        submit(new FormData(event.currentTarget))
      }}
    >
      <fieldset>
        <legend>What to tolerate from now on, in this place only</legend>
        {sources.length === 0 && (
          <p className="hint">These findings are about the client as a whole; the case is only closed.</p>
        )}
        {sources.map(({ key, place }) => (
          <div className="choice" key={key}>
            <input type="checkbox" id={`${id}-${key}`} name="finding" value={key} defaultChecked />
            <label htmlFor={`${id}-${key}`}>
              <code>{key}</code> in {place}
            </label>
          </div>
        ))}
      </fieldset>
      {sources.length > 0 && (
        <SelectField label="For how long" name="ttl" initial={String(30 * durations.day)} options={periods} />
      )}
      <div className="actions">
        <button type="submit" className="main">
          Mark as normal
        </button>
        <button type="button" onClick={props.onCancel}>
          Cancel
        </button>
      </div>
    </form>
  )
}
