import { formatCount, formatMoment, formatSpan } from '../format.ts'
import type { Tolerance } from '../forms.ts'
import { Empty, Loading, TableFrame, ViewHead } from '../parts/panel.tsx'
import { useNow, usePolled } from '../polling.ts'
import { useAction, useShell } from '../shell-context.ts'

function ToleranceRow({
  tolerance,
  nowMs,
  onWithdraw,
}: {
  tolerance: Tolerance
  nowMs: number
  onWithdraw: () => void
}) {
  const { scope } = tolerance
  const what = scope.finding ?? 'every finding'
  return (
    <tr>
      <th scope="row">
        <code>{what}</code>
        <span className="hint">in {scope.field ?? 'all fields'}</span>
      </th>
      <td>
        <span className="method">{scope.method}</span> {scope.route}
      </td>
      <td>
        {tolerance.reason}
        <span className="hint">by {tolerance.by}</span>
      </td>
      <td title={formatMoment(tolerance.untilMs)}>{formatSpan(tolerance.untilMs - nowMs)}</td>
      <td className="number">{formatCount(tolerance.hits)}</td>
      <td>
        {tolerance.isConfigured ? (
          <span className="hint">in the configuration</span>
        ) : (
          <button
            type="button"
            aria-label={`Withdraw the tolerance of ${what} on ${scope.method} ${scope.route}`}
            onClick={onWithdraw}
          >
            Withdraw
          </button>
        )}
      </td>
    </tr>
  )
}

function ToleranceTable({
  tolerances,
  onWithdraw,
}: {
  tolerances: readonly Tolerance[]
  onWithdraw: (one: Tolerance) => void
}) {
  const { offsetMs } = useShell()
  const nowMs = useNow(offsetMs)
  return (
    <TableFrame label="Tolerances, scrolls sideways">
      <table>
        <caption className="only-heard">Findings that people called normal</caption>
        <thead>
          <tr>
            <th scope="col">Finding</th>
            <th scope="col">Route</th>
            <th scope="col">Reason</th>
            <th scope="col">Ends in</th>
            <th scope="col" className="number">
              Covered
            </th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {tolerances.map((one) => (
            <ToleranceRow key={one.id} tolerance={one} nowMs={nowMs} onWithdraw={() => onWithdraw(one)} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

export function Tolerances() {
  const { api } = useShell()
  const act = useAction()
  const { data, refresh } = usePolled<{ readonly tolerances: readonly Tolerance[] }>(api, '/tolerances')

  async function withdraw(tolerance: Tolerance): Promise<void> {
    await act(
      () => api.remove(`/tolerances/${encodeURIComponent(tolerance.id)}`),
      () => 'The tolerance is withdrawn; what it covered acts again.',
    )
    refresh()
  }

  return (
    <>
      <ViewHead title="Tolerances" lead="What people called normal. Each counts in its own place only, and ends." />
      {data === null && <Loading />}
      {data !== null && data.tolerances.length === 0 && (
        <Empty title="Nothing is tolerated">
          Mark a case as normal in the review list, and its findings are tolerated in that place.
        </Empty>
      )}
      {data !== null && data.tolerances.length > 0 && (
        <ToleranceTable tolerances={data.tolerances} onWithdraw={(one) => void withdraw(one)} />
      )}
    </>
  )
}
