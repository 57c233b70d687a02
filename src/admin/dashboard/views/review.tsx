import { useState } from 'react'
import { countOf, formatAge } from '../format.ts'
import type { Case, Review } from '../forms.ts'
import { Empty, Loading, ViewHead } from '../parts/panel.tsx'
import { Segments } from '../parts/segments.tsx'
import { useNow, usePolled } from '../polling.ts'
import { useShell } from '../shell-context.ts'
import { CaseCard } from './case-card.tsx'

type Filter = Review | 'all'
const filters = [
  ['open', 'To review'],
  ['benign', 'Normal'],
  ['malicious', 'Attacks'],
  ['all', 'All'],
] as const
const pageSize = 25

type Page = { readonly cases: readonly Case[]; readonly total: number; readonly next: string | null }

function NoCases({ filter }: { filter: Filter }) {
  if (filter === 'open') {
    return (
      <Empty title="Nothing to review">
        Requests that look wrong appear here with the reason. Thymus keeps the most recent ones.
      </Empty>
    )
  }
  return <Empty title="No cases here">Cases appear here once somebody has reviewed them.</Empty>
}

export function ReviewList() {
  const { api, offsetMs } = useShell()
  const [filter, setFilter] = useState<Filter>('open')
  const [limit, setLimit] = useState(pageSize)
  const nowMs = useNow(offsetMs)
  const query = filter === 'all' ? `limit=${limit}` : `limit=${limit}&review=${filter}`
  const { data, refresh } = usePolled<Page>(api, `/findings?${query}`)
  return (
    <>
      <ViewHead
        title="Review"
        lead="Say what a finding was, and Thymus gets better: normal is tolerated, attacks are remembered."
      >
        <Segments
          label="Which cases to show"
          value={filter}
          options={filters}
          onChange={(next) => {
            setFilter(next)
            setLimit(pageSize)
          }}
        />
      </ViewHead>
      {data === null && <Loading />}
      {data !== null && data.cases.length === 0 && <NoCases filter={filter} />}
      {data !== null && data.cases.length > 0 && (
        <>
          <p className="hint">
            {countOf(data.total, 'case')}, newest first{data.next === null ? '' : `; ${data.cases.length} shown`}
          </p>
          <ol className="cases">
            {data.cases.map((entry) => (
              <li key={entry.referenceId}>
                <CaseCard entry={entry} age={formatAge(nowMs - entry.atMs)} onReviewed={refresh} />
              </li>
            ))}
          </ol>
        </>
      )}
      {data?.next != null && (
        <button type="button" onClick={() => setLimit(Math.min(500, limit + pageSize))}>
          Show more
        </button>
      )}
    </>
  )
}
