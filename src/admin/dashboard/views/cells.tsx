import { useState } from 'react'
import { countOf, formatAge, formatCount, formatMoment } from '../format.ts'
import type { Cell } from '../forms.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Empty, Loading, TableFrame, ViewHead } from '../parts/panel.tsx'
import { useNow, usePolled } from '../polling.ts'
import { useAction, useShell } from '../shell-context.ts'

function CellRow({ cell, nowMs, onForget }: { cell: Cell; nowMs: number; onForget: () => void }) {
  return (
    <tr>
      <th scope="row">
        {cell.family}
        <span className="hint">
          <code>{cell.id}</code>
        </span>
      </th>
      <td title={formatMoment(cell.bornAtMs)}>
        {formatAge(nowMs - cell.bornAtMs)}
        <span className="hint">at {cell.origin}</span>
      </td>
      <td>
        {cell.confirmedBy.join(' and ')}
        <span className="hint">
          from case <code>{cell.bornFrom}</code>
        </span>
      </td>
      <td>
        {cell.location}
        <span className="hint">
          {countOf(cell.anchors, 'mark')}, {countOf(cell.phrases, 'phrase')}, radius {cell.radius},{' '}
          {formatCount(cell.screenedAgainst)} normal values checked
        </span>
        {cell.parent !== null && (
          <span className="hint">
            clone of <code>{cell.parent}</code>, generation {cell.generation}
          </span>
        )}
      </td>
      <td className="number" title={`utility ${cell.utility}`}>
        {formatCount(cell.hits)}
      </td>
      <td>
        <button type="button" aria-label={`Forget ${cell.family} cell ${cell.id}`} onClick={onForget}>
          Forget…
        </button>
      </td>
    </tr>
  )
}

function CellTable({ cells, onForget }: { cells: readonly Cell[]; onForget: (cell: Cell) => void }) {
  const { offsetMs } = useShell()
  const nowMs = useNow(offsetMs)
  return (
    <TableFrame label="Memory cells, scrolls sideways">
      <table>
        <caption className="only-heard">Attacks that are recognised at the first request</caption>
        <thead>
          <tr>
            <th scope="col">Family</th>
            <th scope="col">Born</th>
            <th scope="col">Confirmed by</th>
            <th scope="col">Where</th>
            <th scope="col" className="number">
              Hits
            </th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => (
            <CellRow key={cell.id} cell={cell} nowMs={nowMs} onForget={() => onForget(cell)} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

export function Cells() {
  const { api } = useShell()
  const act = useAction()
  const { data, refresh } = usePolled<{ readonly cells: readonly Cell[] }>(api, '/cells')
  const [asked, setAsked] = useState<Cell | null>(null)

  async function forget(cell: Cell): Promise<void> {
    setAsked(null)
    await act(
      () => api.remove(`/cells/${encodeURIComponent(cell.id)}`),
      () => `The ${cell.family} cell is forgotten.`,
    )
    refresh()
  }

  return (
    <>
      <ViewHead
        title="Memory cells"
        lead="Confirmed attacks, known by their shape. The next one like it is refused at its first request, on every gateway."
      />
      {data === null && <Loading />}
      {data !== null && data.cells.length === 0 && (
        <Empty title="No attack is remembered yet">
          A cell is born when two kinds of evidence confirm an attack, or when you mark a case as one.
        </Empty>
      )}
      {data !== null && data.cells.length > 0 && <CellTable cells={data.cells} onForget={setAsked} />}
      {asked !== null && (
        <Dialog
          title="Forget this attack?"
          confirm="Forget"
          isGrave
          onClose={() => setAsked(null)}
          onConfirm={() => void forget(asked)}
        >
          <p>
            The {asked.family} cell <code>{asked.id}</code> is withdrawn on every gateway and never comes back. Rules
            and learned profiles still look at such requests.
          </p>
        </Dialog>
      )}
    </>
  )
}
