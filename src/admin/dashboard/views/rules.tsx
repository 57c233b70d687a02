import { formatCount, formatPercent } from '../format.ts'
import type { RouteMode, Rule } from '../forms.ts'
import { Badge, ModeBadge } from '../parts/badges.tsx'
import { Empty, Loading, Panel, TableFrame, ViewHead } from '../parts/panel.tsx'
import { usePolled } from '../polling.ts'
import { useShell } from '../shell-context.ts'

const refreshMs = 5_000

function RouteTable({ routes }: { routes: readonly RouteMode[] }) {
  if (routes.length === 0) {
    return <Empty title="No route is known yet">Routes are learned from the requests that the API answers well.</Empty>
  }
  return (
    <TableFrame label="Routes, scrolls sideways">
      <table>
        <caption className="only-heard">Learned routes and their modes</caption>
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col">Mode</th>
            <th scope="col">Set by</th>
          </tr>
        </thead>
        <tbody>
          {routes.map((one) => (
            <tr key={`${one.service} ${one.method} ${one.route}`}>
              <th scope="row">
                <span className="method">{one.method}</span> {one.route}
              </th>
              <td>
                <ModeBadge mode={one.mode} />
              </td>
              <td>
                <code>{one.from}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

function RuleTable({ rules }: { rules: readonly Rule[] }) {
  if (rules.length === 0) return <Empty title="No rules are loaded">The static layer is switched off.</Empty>
  return (
    <TableFrame label="Rules, scrolls sideways">
      <table>
        <caption className="only-heard">Rules that are loaded</caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">What it looks for</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Score
            </th>
            <th scope="col" className="number">
              Hits
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.id}>
              <th scope="row">
                <code>{rule.id}</code> <span className="hint">{rule.family}</span>
              </th>
              <td>{rule.title}</td>
              <td>{rule.isShadow ? <Badge tone="calm">only watches</Badge> : <Badge tone="good">acts</Badge>}</td>
              <td className="number">{formatPercent(rule.score)}</td>
              <td className="number">{formatCount(rule.hits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

export function Rules() {
  const { api } = useShell()
  const routes = usePolled<{ readonly routes: readonly RouteMode[] }>(api, '/routes', refreshMs)
  const rules = usePolled<{ readonly rules: readonly Rule[] }>(api, '/rules', refreshMs)
  return (
    <>
      <ViewHead title="Routes and rules" lead="Where Thymus may act, and what it knows in advance." />
      <Panel title="Routes">{routes.data === null ? <Loading /> : <RouteTable routes={routes.data.routes} />}</Panel>
      <Panel title="Rules">{rules.data === null ? <Loading /> : <RuleTable rules={rules.data.rules} />}</Panel>
    </>
  )
}
