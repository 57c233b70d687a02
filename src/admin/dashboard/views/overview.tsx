import { countOf, formatCount, formatSpan } from '../format.ts'
import type { Mode, State } from '../forms.ts'
import { Badge, StateBadge, stateMeanings } from '../parts/badges.tsx'
import { Empty, Loading, Panel, TableFrame, ViewHead } from '../parts/panel.tsx'
import { TrafficChart } from '../parts/traffic-chart.tsx'
import { useShell } from '../shell-context.ts'

const modeLeads: Readonly<Record<Mode, string>> = {
  off: 'Thymus is switched off: requests pass and nothing is learned.',
  learn: 'Thymus only learns: requests pass, and nothing is judged yet.',
  monitor: 'Thymus watches and notes what it would refuse. Requests pass.',
  enforce: 'Thymus refuses attacks and holds clients.',
}

const states = ['mature', 'learning', 'relearning', 'embryo'] as const

function Figure(props: { label: string; value: number; note: string; href?: string }) {
  const value = formatCount(props.value)
  return (
    <div className="figure">
      <dt>{props.label}</dt>
      <dd className="figure-value">{props.href === undefined ? value : <a href={props.href}>{value}</a>}</dd>
      <dd className="figure-note">{props.note}</dd>
    </div>
  )
}

function Figures({ state }: { state: State }) {
  const { traffic, counts } = state
  const isEnforcing = state.mode === 'enforce'
  const stopped = isEnforcing ? traffic.refused : traffic.wouldRefuse
  const rungs = Object.entries(counts.byRung).map(([rung, count]) => `${count} ${rung}`)
  return (
    <dl className="figures">
      <Figure
        label="Requests"
        value={traffic.requests}
        note={`since the start, ${formatSpan(state.nowMs - state.startedAtMs)} ago`}
      />
      <Figure
        label={isEnforcing ? 'Refused' : 'Would be refused'}
        value={stopped}
        note={isEnforcing ? 'since the start' : `${formatCount(traffic.refused)} refused by hard limits`}
      />
      <Figure
        label="Held clients"
        value={counts.held}
        href="#/held"
        note={rungs.join(', ') || `of ${countOf(counts.activeClients, 'active client')}`}
      />
      <Figure
        label="To review"
        value={counts.openCases}
        href="#/review"
        note={`of ${countOf(counts.cases, 'recent case')}`}
      />
      <Figure label="Memory cells" value={counts.cells} href="#/cells" note="attacks known at first sight" />
    </dl>
  )
}

/** Shares of the fields by state, side by side. */
function StateBar({ fields }: { fields: State['learning']['fields'] }) {
  const total = Math.max(
    1,
    states.reduce((sum, state) => sum + fields[state], 0),
  )
  let before = 0
  const parts = states.map((state) => {
    const x = before
    before += fields[state] / total
    return { state, x, width: fields[state] / total }
  })
  return (
    <svg className="stack" role="img" aria-label={states.map((state) => `${fields[state]} ${state}`).join(', ')}>
      {parts.map(({ state, x, width }) => (
        <rect key={state} className={`stack-${state}`} x={`${x * 100}%`} width={`${width * 100}%`} height="100%" />
      ))}
    </svg>
  )
}

function LearningPanel({ learning }: { learning: State['learning'] }) {
  return (
    <Panel title="Learning">
      <p className="row">
        <StateBadge state={learning.state} /> {stateMeanings[learning.state]}: {countOf(learning.samples, 'request')} on{' '}
        {countOf(learning.routes, 'route')}
      </p>
      <StateBar fields={learning.fields} />
      <ul className="legend">
        {states.map((state) => (
          <li key={state}>
            <span className={`key key-${state}`} /> {formatCount(learning.fields[state])} {state}
          </li>
        ))}
      </ul>
      <h3>What is missing</h3>
      {learning.missing.length === 0 ? (
        <p className="hint">Nothing: what was learned may act.</p>
      ) : (
        <ul className="sentences">
          {learning.missing.slice(0, 6).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {learning.dropped > 0 && (
        <p className="hint">{countOf(learning.dropped, 'thing')} not learned because a cap was reached.</p>
      )}
    </Panel>
  )
}

function ReasonsPanel({ reasons }: { reasons: State['traffic']['topReasons'] }) {
  if (reasons.length === 0) {
    return (
      <Panel title="Top reasons">
        <Empty title="Nothing was refused">
          Reasons are counted here as soon as a request is refused, or would be.
        </Empty>
      </Panel>
    )
  }
  return (
    <Panel title="Top reasons">
      <TableFrame label="Top reasons, scrolls sideways">
        <table>
          <caption className="only-heard">What led to refusals most often since the start</caption>
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Last reason</th>
              <th scope="col" className="number">
                Times
              </th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(({ layer, source, reason, count }) => (
              <tr key={`${layer}:${source}`}>
                <th scope="row">
                  <code>{source}</code> <span className="hint">{layer}</span>
                </th>
                <td>{reason}</td>
                <td className="number">{formatCount(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </Panel>
  )
}

function HealthPanel({ state }: { state: State }) {
  const { store, readiness } = state
  return (
    <Panel title="Health">
      <ul className="checks">
        <li>
          <Badge tone={store.isConnected ? 'good' : 'bad'}>{store.isConnected ? 'connected' : 'not connected'}</Badge>
          <span>
            <strong>Store ({store.backend})</strong> {store.detail}
          </span>
        </li>
        {readiness.checks.map((check) => (
          <li key={check.name}>
            <Badge tone={check.isOk ? 'good' : 'bad'}>{check.isOk ? 'ready' : 'missing'}</Badge>
            <span>
              <strong>{check.name}</strong> {check.detail}
            </span>
          </li>
        ))}
      </ul>
      <p className="hint">
        Node {state.nodeId}, version {state.version}
      </p>
    </Panel>
  )
}

export function Overview() {
  const { state } = useShell()
  if (state === null) {
    return (
      <>
        <ViewHead title="Overview" lead="Reading the state of the gateway." />
        <Loading />
      </>
    )
  }
  return (
    <>
      <ViewHead title="Overview" lead={modeLeads[state.mode]} />
      {state.silenced.length > 0 && (
        <p className="banner banner-warn" role="status">
          The circuit breaker has silenced {state.silenced.join(', ')}: it would have held too many clients at once.
          Look at the cases it made, and mark them.
        </p>
      )}
      <Figures state={state} />
      <Panel title="Traffic">
        <TrafficChart series={state.traffic.series} />
      </Panel>
      <div className="columns">
        <LearningPanel learning={state.learning} />
        <HealthPanel state={state} />
      </div>
      <ReasonsPanel reasons={state.traffic.topReasons} />
    </>
  )
}
