import { useState } from 'react'
import { countOf, formatAge, formatCount, formatMoment } from '../format.ts'
import type { Detector } from '../forms.ts'
import { DetectorBadge } from '../parts/badges.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Empty, Loading, TableFrame, ViewHead } from '../parts/panel.tsx'
import { useNow, usePolled } from '../polling.ts'
import { useAction, useShell } from '../shell-context.ts'

const maxShown = 500

type RowProps = { readonly detector: Detector; readonly nowMs: number; readonly onRetire: () => void }

function DetectorRow({ detector, nowMs, onRetire }: RowProps) {
  const { field, kind, parent } = detector
  return (
    <tr>
      <th scope="row">
        {detector.pattern}
        <span className="hint">
          {kind === 'inherited' ? `inherited from ${parent ?? 'elsewhere'}` : `${kind} that self never showed`},{' '}
          <code>{detector.id}</code>
        </span>
      </th>
      <td>
        <code>{field.name || '(whole value)'}</code> in {field.location}
        <span className="hint">
          {field.method} {field.route}
        </span>
      </td>
      <td>
        <DetectorBadge detector={detector} />
      </td>
      <td title={formatMoment(detector.screenedAtMs)}>
        {detector.selfMatches === 0 ? 'no match' : 'matched self'} in{' '}
        {countOf(detector.screenedAgainst, 'normal value')}
        <span className="hint">{formatAge(nowMs - detector.screenedAtMs)}</span>
      </td>
      <td className="number">{formatCount(detector.matches)}</td>
      <td>
        {detector.state !== 'retired' && (
          <button type="button" aria-label={`Retire detector ${detector.id}`} onClick={onRetire}>
            Retire…
          </button>
        )}
      </td>
    </tr>
  )
}

type TableProps = { readonly detectors: readonly Detector[]; readonly onRetire: (detector: Detector) => void }

function DetectorTable({ detectors, onRetire }: TableProps) {
  const { offsetMs } = useShell()
  const nowMs = useNow(offsetMs)
  return (
    <TableFrame label="Detectors, scrolls sideways">
      <table>
        <caption className="only-heard">Detectors that matched, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Matches</th>
            <th scope="col">Field</th>
            <th scope="col">State</th>
            <th scope="col">Screened against self</th>
            <th scope="col" className="number">
              Times
            </th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {detectors.map((detector) => (
            <DetectorRow key={detector.id} detector={detector} nowMs={nowMs} onRetire={() => onRetire(detector)} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

export function Detectors() {
  const { api } = useShell()
  const act = useAction()
  const { data, refresh } = usePolled<{ readonly detectors: readonly Detector[] }>(api, `/detectors?limit=${maxShown}`)
  const [asked, setAsked] = useState<Detector | null>(null)

  async function retire({ id }: Detector): Promise<void> {
    setAsked(null)
    await act(
      () => api.post(`/detectors/${encodeURIComponent(id)}/retire`, {}),
      () => `The detector ${id} is retired.`,
    )
    refresh()
  }

  return (
    <>
      <ViewHead
        title="Detectors"
        lead="What speaks against a value: each was compared with everything its field has shown, and matched none of it."
      />
      {data === null && <Loading />}
      {data !== null && data.detectors.length === 0 && (
        <Empty title="No detector has matched yet">
          Detectors appear here when they first match a value in a field that has learned enough.
        </Empty>
      )}
      {data !== null && data.detectors.length > 0 && <DetectorTable detectors={data.detectors} onRetire={setAsked} />}
      {asked !== null && (
        <Dialog
          title="Retire this detector?"
          confirm="Retire"
          isGrave
          onClose={() => setAsked(null)}
          onConfirm={() => void retire(asked)}
        >
          <p>
            From now on “{asked.pattern}” is normal in {asked.field.location} field <code>{asked.field.name}</code> of{' '}
            {asked.field.method} {asked.field.route}. Other detectors and rules still look at such values.
          </p>
        </Dialog>
      )}
    </>
  )
}
