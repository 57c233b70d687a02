import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { EventBus, Exchange, ThymusEvent } from '../core/events.ts'

/** What Prometheus reads. Labels are route templates and small fixed sets, never anything that a client chooses freely. */
export type Metrics = {
  readonly contentType: string
  /** The page that `/metrics` answers with. */
  readonly render: () => Promise<string>
  /** Takes in how long the layers looked at one request. */
  readonly inspected: (seconds: number) => void
  readonly close: () => void
}

/** Figures that are read when somebody asks. */
export type MetricSources = {
  readonly heldClients?: () => number
  readonly activeClients?: () => number
  readonly memoryCells?: () => number
  /** Field profiles by state. */
  readonly profiles?: () => Readonly<Record<string, number>>
  /** What bounded maps have forgotten, by the name of the map. */
  readonly dropped?: () => Readonly<Record<string, number>>
  readonly auditLost?: () => number
}

export type MetricsOptions = {
  readonly bus: Pick<EventBus, 'subscribe'>
  readonly sources?: MetricSources
  /** Routes with a label of their own; the rest is `other`. */
  readonly maxRoutes?: number
  /** Whether figures of the process (memory, CPU, event loop) are added. */
  readonly withProcess?: boolean
}

const defaultMaxRoutes = 200
const inspectionBuckets = [0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.05]
const exchangeBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (options.withProcess !== false) collectDefaultMetrics({ register: registry })
  const exchanges = createExchangeMetrics(registers, options.maxRoutes ?? defaultMaxRoutes)
  const occurrences = createOccurrenceMetrics(registers)
  addGauges(registers, options.sources ?? {})
  const inspection = new Histogram({
    name: 'thymus_inspection_seconds',
    help: 'Time that all layers together took for one request.',
    buckets: inspectionBuckets,
    registers,
  }).labels()
  const unsubscribe = options.bus.subscribe((event) => {
    if (event.kind === 'exchange') exchanges(event.exchange)
    else occurrences(event)
  })
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    inspected: (seconds) => inspection.observe(seconds),
    close: () => {
      unsubscribe()
      registry.clear()
    },
  }
}

type Bound = { readonly inc: () => void }

/** Binds each combination of labels once; after that counting is one map read. */
function bindOnce(bind: (...labels: string[]) => Bound): (first: string, second?: string) => Bound {
  const children = new Map<string, Map<string, Bound>>()
  return (first, second = '') => {
    let inner = children.get(first)
    if (inner === undefined) {
      inner = new Map()
      children.set(first, inner)
    }
    let child = inner.get(second)
    if (child === undefined) {
      child = second === '' ? bind(first) : bind(first, second)
      inner.set(second, child)
    }
    return child
  }
}

function counter(
  registers: Registry[],
  name: string,
  help: string,
  labelNames: string[],
): (first: string, second?: string) => Bound {
  const made = new Counter({ name, help, labelNames, registers })
  return bindOnce((...labels) => made.labels(...labels))
}

function createExchangeMetrics(registers: Registry[], maxRoutes: number): (exchange: Exchange) => void {
  const requests = counter(registers, 'thymus_requests_total', 'Requests by verdict and mode.', ['verdict', 'mode'])
  const would = counter(registers, 'thymus_would_refuse_total', 'Requests that enforce mode would have refused.', [
    'verdict',
  ])
  const refusals = counter(registers, 'thymus_refusals_total', 'Refused requests by reason.', ['reason'])
  const findings = counter(registers, 'thymus_findings_total', 'Findings by layer and whether they may act.', [
    'layer',
    'acting',
  ])
  const durations = new Histogram({
    name: 'thymus_request_seconds',
    help: 'Time from the request to the end of the response, by route.',
    labelNames: ['method', 'route'],
    buckets: exchangeBuckets,
    registers,
  })
  type Timer = { readonly observe: (seconds: number) => void }
  const routes = new Map<string, Map<string, Timer>>()
  const other: Timer = durations.labels('other', 'other')
  let known = 0

  const timerOf = (method: string, route: string, isAnswered: boolean): Timer => {
    const methods = routes.get(route)
    const timer = methods?.get(method)
    if (timer !== undefined) return timer
    // A scan must not take the labels away from the routes that exist.
    if (!isAnswered || known >= maxRoutes) return other
    known += 1
    const made = durations.labels(method, route)
    if (methods === undefined) routes.set(route, new Map([[method, made]]))
    else methods.set(method, made)
    return made
  }

  return ({ durationMs, method, route, status, verdict }) => {
    requests(verdict.kind, verdict.mode).inc()
    const isAnswered = verdict.kind === 'allow' && status >= 200 && status < 400
    timerOf(method, route, isAnswered).observe(durationMs / 1_000)
    for (const finding of verdict.findings) findings(finding.layer, finding.shadow === true ? 'no' : 'yes').inc()
    if (verdict.kind === 'deny') refusals(verdict.because).inc()
    else if (verdict.kind === 'slow') refusals('slowed').inc()
    else if (verdict.would !== undefined) would(verdict.would.kind).inc()
  }
}

function createOccurrenceMetrics(registers: Registry[]): (event: Exclude<ThymusEvent, { kind: 'exchange' }>) => void {
  const holds = counter(registers, 'thymus_holds_total', 'Clients that were held or moved up, by rung.', ['rung'])
  const releases = counter(registers, 'thymus_releases_total', 'Clients that were let go, by what let them go.', ['by'])
  const cells = counter(registers, 'thymus_cell_changes_total', 'Changes of memory cells.', ['change'])
  const states = counter(registers, 'thymus_profile_changes_total', 'Profiles that came to a state.', ['state'])
  const faults = counter(registers, 'thymus_faults_total', 'Faults by layer.', ['layer'])
  const shed = counter(registers, 'thymus_shed_total', 'Requests of which a layer looked at a part only.', ['layer'])
  const breakers = new Counter({
    name: 'thymus_breaker_total',
    help: 'Times the circuit breaker stopped holding clients.',
    registers,
  })
  const acts = new Counter({ name: 'thymus_admin_actions_total', help: 'Acts of people.', registers })
  const store = new Gauge({ name: 'thymus_store_connected', help: '1 while the shared store is connected.', registers })
  return (event) => {
    switch (event.kind) {
      case 'hold':
        return holds(event.rung).inc()
      case 'release':
        return releases(machineReleases.has(event.by) ? event.by : 'person').inc()
      case 'cell':
        return cells(event.change).inc()
      case 'profile-state':
        return states(event.state).inc()
      case 'fault':
        return faults(event.layer).inc()
      case 'shed':
        return shed(event.layer).inc()
      case 'breaker':
        return breakers.inc()
      case 'admin':
        return acts.inc()
      case 'store':
        return store.set(event.state === 'connected' ? 1 : 0)
      default:
        return event satisfies never
    }
  }
}

/** Words that quarantine uses when no person is behind a release. */
const machineReleases: ReadonlySet<string> = new Set(['time', 'clean requests'])

function addGauges(registers: Registry[], sources: MetricSources): void {
  addGauge(registers, { name: 'thymus_held_clients', help: 'Clients held now.', read: sources.heldClients })
  addGauge(registers, {
    name: 'thymus_active_clients',
    help: 'Clients seen within the window.',
    read: sources.activeClients,
  })
  addGauge(registers, { name: 'thymus_memory_cells', help: 'Memory cells in force.', read: sources.memoryCells })
  addGauge(registers, {
    name: 'thymus_audit_lost',
    help: 'Audit lines that could not be written.',
    read: sources.auditLost,
  })
  addFamily(registers, {
    name: 'thymus_profiles',
    help: 'Field profiles by state.',
    label: 'state',
    read: sources.profiles,
  })
  addFamily(registers, {
    name: 'thymus_dropped',
    help: 'Entries that bounded maps have forgotten since the start.',
    label: 'map',
    read: sources.dropped,
  })
}

type GaugeText = { readonly name: string; readonly help: string }

function addGauge(registers: Registry[], gauge: GaugeText & { readonly read: (() => number) | undefined }): void {
  const { help, name, read } = gauge
  if (read === undefined) return
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read())
    },
  })
}

function addFamily(
  registers: Registry[],
  gauge: GaugeText & { readonly label: string; readonly read: (() => Readonly<Record<string, number>>) | undefined },
): void {
  const { help, label, name, read } = gauge
  if (read === undefined) return
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers,
    collect() {
      this.reset()
      for (const [key, value] of Object.entries(read())) this.set({ [label]: key }, value)
    },
  })
}
