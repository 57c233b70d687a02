import { countOf, formatCount, formatSpan } from '../format.ts'
import type { HeldClient } from '../forms.ts'
import { RungBadge, rungMeanings } from '../parts/badges.tsx'
import { TableFrame } from '../parts/panel.tsx'
import { useNow } from '../polling.ts'
import { useShell } from '../shell-context.ts'

/** What the operator was about to do with a client; null when nothing. */
export type Asking = { readonly kind: 'extend' | 'exempt'; readonly clientId: string } | null

function Doings({ conduct }: { conduct: HeldClient['conduct'] }) {
  if (conduct === null) return <span className="hint">Nothing in the current window</span>
  return (
    <span className="hint">
      {countOf(conduct.requests, 'request')}, {countOf(conduct.errors, 'error')},{' '}
      {countOf(conduct.distinctObjects, 'distinct object')}
    </span>
  )
}

function HeldRow(props: { entry: HeldClient; nowMs: number; onAsk: (asking: Asking) => void; onRelease: () => void }) {
  const { hold, conduct } = props.entry
  const { clientId } = hold
  return (
    <tr>
      <th scope="row">
        <code>{clientId}</code>
        <Doings conduct={conduct} />
      </th>
      <td>
        <RungBadge rung={hold.rung} />
        <span className="hint">{rungMeanings[hold.rung]}</span>
      </td>
      <td>
        <ul className="sentences">
          {hold.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </td>
      <td>
        <span className="countdown">{formatSpan(hold.untilMs - props.nowMs)}</span>
        {hold.rung !== 'watched' && (
          <span className="hint">
            hold {formatCount(Math.max(1, hold.count))}, by {hold.by === 'person' ? 'a person' : 'Thymus'}
          </span>
        )}
      </td>
      <td>
        <div className="actions actions-tight">
          <button type="button" className="main" aria-label={`Release ${clientId}`} onClick={props.onRelease}>
            Release
          </button>
          {hold.rung !== 'watched' && (
            <button
              type="button"
              aria-label={`Extend the hold of ${clientId}`}
              onClick={() => props.onAsk({ kind: 'extend', clientId })}
            >
              Extend…
            </button>
          )}
          <button
            type="button"
            aria-label={`Exempt ${clientId}`}
            onClick={() => props.onAsk({ kind: 'exempt', clientId })}
          >
            Exempt…
          </button>
        </div>
      </td>
    </tr>
  )
}

export function HeldTable(props: {
  caption: string
  clients: readonly HeldClient[]
  onAsk: (asking: Asking) => void
  onRelease: (clientId: string) => void
}) {
  const { offsetMs } = useShell()
  const nowMs = useNow(offsetMs)
  return (
    <TableFrame label={`${props.caption}, scrolls sideways`}>
      <table>
        <caption className="only-heard">{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">Client</th>
            <th scope="col">Rung</th>
            <th scope="col">Why</th>
            <th scope="col">Ends in</th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {props.clients.map((entry) => (
            <HeldRow
              key={entry.hold.clientId}
              entry={entry}
              nowMs={nowMs}
              onAsk={props.onAsk}
              onRelease={() => props.onRelease(entry.hold.clientId)}
            />
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}
