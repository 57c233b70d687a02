import { useState } from 'react'
import { formatMoment } from '../format.ts'
import type { Exemption, HeldClient, Hold } from '../forms.ts'
import { Empty, Loading, Panel, TableFrame, ViewHead } from '../parts/panel.tsx'
import { usePolled } from '../polling.ts'
import { useAction, useShell } from '../shell-context.ts'
import { ExemptDialog, ExtendDialog } from './held-dialogs.tsx'
import { type Asking, HeldTable } from './held-table.tsx'

type Answer = {
  readonly held: readonly HeldClient[]
  readonly watched: readonly HeldClient[]
  readonly exemptions: readonly Exemption[]
}

function ExemptionPanel({
  exemptions,
  onEnd,
}: {
  exemptions: readonly Exemption[]
  onEnd: (clientId: string) => void
}) {
  if (exemptions.length === 0) return null
  return (
    <Panel title="Exempt clients" hint="These are never held, whatever they do. Their requests are still inspected.">
      <TableFrame label="Exempt clients, scrolls sideways">
        <table>
          <caption className="only-heard">Clients that are never held</caption>
          <thead>
            <tr>
              <th scope="col">Client</th>
              <th scope="col">Until</th>
              <th scope="col">By</th>
              <th scope="col">Reason</th>
              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody>
            {exemptions.map((one) => (
              <tr key={one.clientId}>
                <th scope="row">
                  <code>{one.clientId}</code>
                </th>
                <td>{one.untilMs === null ? 'until withdrawn' : formatMoment(one.untilMs)}</td>
                <td>{one.by}</td>
                <td>{one.reason}</td>
                <td>
                  <button
                    type="button"
                    aria-label={`End exemption of ${one.clientId}`}
                    onClick={() => onEnd(one.clientId)}
                  >
                    End exemption
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </Panel>
  )
}

const pathOf = (clientId: string, action: string) => `/clients/${encodeURIComponent(clientId)}/${action}`

/** The end may come earlier than asked for: no hold is longer than the settings allow. */
function sayExtended({ hold }: { hold: Hold }): string {
  return `${hold.clientId} is held until ${formatMoment(hold.untilMs)}.`
}

function useClientActions(refresh: () => void) {
  const { api } = useShell()
  const act = useAction()
  const run = async (work: () => Promise<unknown>, sentence: string) => {
    await act(work, () => sentence)
    refresh()
  }
  return {
    release: (id: string) => run(() => api.post(pathOf(id, 'release'), {}), `${id} is released on every gateway.`),
    extend: async (id: string, byMs: number) => {
      await act(() => api.post<{ hold: Hold }>(pathOf(id, 'extend'), { byMs }), sayExtended)
      refresh()
    },
    exempt: (id: string, body: unknown) =>
      run(() => api.post(pathOf(id, 'exempt'), body), `${id} is exempt and no longer held.`),
    endExemption: (id: string) => run(() => api.remove(pathOf(id, 'exempt')), `The exemption of ${id} has ended.`),
  }
}

export function Held() {
  const { api, state } = useShell()
  const { data, refresh } = usePolled<Answer>(api, '/clients/held')
  const [asking, setAsking] = useState<Asking>(null)
  const actions = useClientActions(refresh)
  const close = () => setAsking(null)
  return (
    <>
      <ViewHead
        title="Held clients"
        lead="Clients with evidence against them. Every hold ends by itself; releasing one takes effect on every gateway."
      />
      {state !== null && state.mode !== 'enforce' && (
        <p className="banner banner-warn">
          In {state.mode} mode no hold takes effect, unless a route has a mode of its own: this is who would be held.
        </p>
      )}
      {data === null && <Loading />}
      {data !== null && data.held.length === 0 && (
        <Empty title="Nobody is held">
          A client appears here when two independent kinds of evidence stand against it.
        </Empty>
      )}
      {data !== null && data.held.length > 0 && (
        <HeldTable
          caption="Held clients"
          clients={data.held}
          onAsk={setAsking}
          onRelease={(id) => void actions.release(id)}
        />
      )}
      {data !== null && data.watched.length > 0 && (
        <Panel
          title="Watched clients"
          hint="One more kind of evidence, and they are held. Nothing is withheld from them yet."
        >
          <HeldTable
            caption="Watched clients"
            clients={data.watched}
            onAsk={setAsking}
            onRelease={(id) => void actions.release(id)}
          />
        </Panel>
      )}
      {data !== null && <ExemptionPanel exemptions={data.exemptions} onEnd={(id) => void actions.endExemption(id)} />}
      {asking?.kind === 'extend' && (
        <ExtendDialog
          clientId={asking.clientId}
          onClose={close}
          onConfirm={(byMs) => {
            close()
            void actions.extend(asking.clientId, byMs)
          }}
        />
      )}
      {asking?.kind === 'exempt' && (
        <ExemptDialog
          clientId={asking.clientId}
          onClose={close}
          onConfirm={(body) => {
            close()
            void actions.exempt(asking.clientId, body)
          }}
        />
      )}
    </>
  )
}
