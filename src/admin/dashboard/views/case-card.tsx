import { useId, useState } from 'react'
import { formatMoment, formatPercent } from '../format.ts'
import type { Case, Consequence, Finding } from '../forms.ts'
import { ReviewBadge, VerdictBadge } from '../parts/badges.tsx'
import { useAction, useShell } from '../shell-context.ts'
import { TolerateForm } from './tolerate-form.tsx'

function FindingLine({ finding }: { finding: Finding }) {
  const { field } = finding
  return (
    <li className="finding">
      <span className="meter" title={`Score ${formatPercent(finding.score)}`}>
        <svg width="44" height="6" aria-hidden="true">
          <rect className="meter-ground" width="44" height="6" rx="3" />
          <rect className="meter-value" width={44 * finding.score} height="6" rx="3" />
        </svg>
        <span className="only-heard">Score {formatPercent(finding.score)}.</span>
      </span>
      <span>
        {finding.reason}{' '}
        <span className="hint">
          <code>{finding.source}</code>, {finding.layer}
          {field !== null && `, ${field.location} ${field.name}`}
          {finding.shadow === true && ', only watching'}
        </span>
      </span>
    </li>
  )
}

/** What came of a person's word, in one sentence. */
function outcomeOf({ case: entry, cellId, tolerances, withdrawnTolerances, forgottenCells }: Consequence): string {
  if (entry.review === 'malicious') {
    return cellId === null
      ? 'Marked as an attack. No memory cell was made: the request is no longer at hand, or too little of it differs from normal traffic.'
      : `Marked as an attack and remembered as cell ${cellId}.`
  }
  const undone =
    withdrawnTolerances.length + forgottenCells.length > 0 ? ' What followed from the earlier word was taken back.' : ''
  if (entry.review === 'open') return `Open again.${undone}`
  return tolerances.length === 0
    ? `Marked as normal.${undone}`
    : `Marked as normal. ${tolerances.length === 1 ? 'One tolerance holds' : `${tolerances.length} tolerances hold`} from now on.${undone}`
}

function useReview(entry: Case, onReviewed: () => void) {
  const { api } = useShell()
  const act = useAction()
  return async (body: unknown): Promise<void> => {
    const path = `/findings/${encodeURIComponent(entry.referenceId)}/review`
    if (await act(() => api.post<Consequence>(path, body), outcomeOf)) onReviewed()
  }
}

function CaseActions({ entry, onReviewed }: { entry: Case; onReviewed: () => void }) {
  const [isTolerating, setIsTolerating] = useState(false)
  const review = useReview(entry, onReviewed)
  if (isTolerating) {
    return (
      <TolerateForm
        findings={entry.findings}
        onCancel={() => setIsTolerating(false)}
        onDone={(tolerate) => {
          setIsTolerating(false)
          void review({ review: 'benign', tolerate })
        }}
      />
    )
  }
  return (
    <div className="actions">
      {entry.review !== 'benign' && (
        <button type="button" onClick={() => setIsTolerating(true)}>
          This is normal…
        </button>
      )}
      {entry.review !== 'malicious' && (
        <button type="button" className="grave" onClick={() => void review({ review: 'malicious' })}>
          This is an attack
        </button>
      )}
      {entry.review !== 'open' && (
        <button type="button" className="quiet" onClick={() => void review({ review: 'open' })}>
          Open again
        </button>
      )}
    </div>
  )
}

export function CaseCard({ entry, age, onReviewed }: { entry: Case; age: string; onReviewed: () => void }) {
  const id = useId()
  return (
    <article className="panel case" aria-labelledby={id}>
      <header className="case-head">
        <h2 id={id}>
          <span className="method">{entry.method}</span> {entry.route}
        </h2>
        <span className="row">
          <VerdictBadge entry={entry} />
          {entry.review !== 'open' && <ReviewBadge review={entry.review} />}
        </span>
      </header>
      <dl className="facts">
        <div>
          <dt>Client</dt>
          <dd>
            <code>{entry.clientId}</code>
          </dd>
        </div>
        <div>
          <dt>When</dt>
          <dd title={formatMoment(entry.atMs)}>{age}</dd>
        </div>
        <div>
          <dt>Score</dt>
          <dd>{formatPercent(entry.score)}</dd>
        </div>
        <div>
          <dt>Reference</dt>
          <dd>
            <code>{entry.referenceId}</code>
          </dd>
        </div>
      </dl>
      <ul className="findings">
        {entry.findings.map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the findings of a case never change
          <FindingLine key={index} finding={finding} />
        ))}
      </ul>
      <CaseActions entry={entry} onReviewed={onReviewed} />
    </article>
  )
}
