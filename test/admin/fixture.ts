import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Adaptive, LearningProgress, ProfileSummary, Tolerance, Tolerances } from '../../src/adaptive/adaptive.ts'
import type { AdminDependencies } from '../../src/admin/dependencies.ts'
import type { Behaviour, ClientConduct } from '../../src/behaviour/behaviour.ts'
import { type ConfigInput, configSchema } from '../../src/config/schema.ts'
import { createManualClock, type ManualClock } from '../../src/core/clock.ts'
import { createEventBus, type ThymusEvent } from '../../src/core/events.ts'
import type { FieldId, Finding } from '../../src/core/finding.ts'
import type { Memory, MemoryCell } from '../../src/memory/memory.ts'
import type { Exemption, Hold, Quarantine } from '../../src/quarantine/quarantine.ts'
import type { StateRecord } from '../../src/storage/record.ts'
import type { RecordLog } from '../../src/storage/record-log.ts'
import type { CaseLog, ReviewCase } from '../../src/telemetry/cases.ts'

export const password = 'correct horse battery staple'
export const startMs = 1_790_000_000_000

export const pageField: FieldId = {
  service: 'api',
  method: 'GET',
  route: '/orders/{int}',
  location: 'query',
  name: 'page',
}

export function findingOf(overrides: Partial<Finding> = {}): Finding {
  return {
    layer: 'adaptive',
    source: 'chunk',
    field: pageField,
    score: 0.93,
    reason: 'The value has letter-quote-blank, which 412 values of this field never had.',
    ...overrides,
  }
}

export function caseOf(referenceId: string, overrides: Partial<ReviewCase> = {}): ReviewCase {
  return {
    referenceId,
    atMs: startMs - 60_000,
    clientId: 'address:203.0.113.7',
    service: 'api',
    method: 'GET',
    route: '/orders/{int}',
    mode: 'monitor',
    verdict: 'allow',
    would: 'deny',
    status: 200,
    score: 0.93,
    findings: [findingOf()],
    review: 'open',
    reviewedBy: null,
    ...overrides,
  }
}

export function holdOf(clientId: string, overrides: Partial<Hold> = {}): Hold {
  return {
    clientId,
    rung: 'restricted',
    sinceMs: startMs - 90_000,
    untilMs: startMs + 210_000,
    reasons: ['Asked for 31 distinct orders within a minute.', 'Sent a value that no order number ever had.'],
    count: 1,
    by: 'machine',
    origin: 'node-a',
    ...overrides,
  }
}

export function cellOf(id: string, overrides: Partial<MemoryCell> = {}): MemoryCell {
  return {
    id,
    family: 'sqli',
    anchors: [1, 2, 3, 4, 5],
    minAffinity: 0.6,
    location: 'query',
    origin: 'node-a',
    bornAtMs: startMs - 3_600_000,
    expiresAtMs: startMs + 86_400_000,
    bornFrom: 'ref-0',
    confirmedBy: ['innate', 'adaptive'],
    screenedAgainst: 412,
    hits: 3,
    ...overrides,
  }
}

function createRecords(clock: ManualClock): RecordLog {
  const records = new Map<string, StateRecord>()
  let next = 0
  return {
    nodeId: 'node-a',
    append: (draft) => {
      next += 1
      const record: StateRecord = {
        ...draft,
        id: `record-${next}`,
        origin: 'node-a',
        clock: [clock.now(), next],
        schema: 1,
        body: { ...draft.body },
        signature: null,
      }
      records.set(`${draft.kind} ${draft.subject}`, record)
      return record
    },
    revoke: (recordId) => {
      const key = [...records].find(([, record]) => record.id === recordId)?.[0]
      return key !== undefined && records.delete(key)
    },
    get: (kind, subject) => records.get(`${kind} ${subject}`),
    list: (kind) => [...records.values()].filter((record) => record.kind === kind),
    subscribe: () => () => {},
    digest: () => String(next),
    flush: async () => {},
    close: async () => {},
  }
}

function createCases(): CaseLog {
  const entries = new Map<string, ReviewCase>()
  return {
    add: (entry) => void entries.set(entry.referenceId, entry),
    get: (referenceId) => entries.get(referenceId),
    list: ({ limit, review }) =>
      [...entries.values()]
        .reverse()
        .filter((entry) => review === undefined || entry.review === review)
        .slice(0, limit),
    review: (referenceId, review, by) => {
      const entry = entries.get(referenceId)
      if (entry === undefined) return undefined
      const reviewed = { ...entry, review, reviewedBy: by }
      entries.set(referenceId, reviewed)
      return reviewed
    },
    size: () => entries.size,
  }
}

function createMemory(): Memory & { readonly put: (cell: MemoryCell) => void } {
  const cells = new Map<string, MemoryCell>()
  return {
    inspect: () => {},
    remember: () => undefined,
    forget: (cellId) => cells.delete(cellId),
    cells: () => [...cells.values()],
    put: (cell) => void cells.set(cell.id, cell),
  }
}

export const learningProgress: LearningProgress = {
  state: 'learning',
  routes: 3,
  fields: { embryo: 2, learning: 5, mature: 7, relearning: 0 },
  samples: 4_120,
  missing: ['GET /orders/{int} query:page has 120 of 300 values', 'POST /orders json:/items has 2 of 4 sources'],
  dropped: 0,
}

export const profiles: readonly ProfileSummary[] = [
  {
    field: pageField,
    state: 'learning',
    samples: 120,
    sources: 9,
    slices: 2,
    missing: ['120 of 300 values', '2 of 3 time slices'],
    types: ['integer'],
    selfChunks: 14,
    detectors: 498,
  },
  {
    field: { ...pageField, location: 'header', name: 'user-agent' },
    state: 'mature',
    samples: 2_204,
    sources: 41,
    slices: 6,
    missing: [],
    types: ['text'],
    selfChunks: 96,
    detectors: 416,
  },
]

function createAdaptive(): Adaptive {
  return {
    inspect: () => {},
    offer: () => {},
    learn: () => {},
    progress: () => learningProgress,
    profiles: (limit) => profiles.slice(0, limit),
    detectors: (limit) =>
      [
        {
          id: 'detector-1',
          field: pageField,
          pattern: 'letter-quote-blank',
          state: 'mature' as const,
          screenedAgainst: 412,
          screenedAtMs: startMs,
          matches: 2,
          parent: null,
        },
      ].slice(0, limit),
    selfGrams: { has: () => false, size: () => 0 },
    save: () => new Uint8Array(),
    restore: () => {},
  }
}

function createTolerances(): Tolerances {
  const tolerances = new Map<string, Tolerance>()
  let next = 0
  return {
    covers: () => false,
    tolerate: (scope, options) => {
      next += 1
      const tolerance: Tolerance = { id: `tolerance-${next}`, scope, ...options, hits: 0 }
      tolerances.set(tolerance.id, tolerance)
      return tolerance
    },
    withdraw: (toleranceId) => tolerances.delete(toleranceId),
    list: () => [...tolerances.values()],
  }
}

export const conduct: ClientConduct = {
  clientId: 'address:203.0.113.7',
  address: '203.0.113.7',
  firstSeenMs: startMs - 300_000,
  lastSeenMs: startMs - 1_000,
  requests: 64,
  errors: 12,
  failedSignIns: 0,
  distinctObjects: 31,
  routes: ['GET /orders/{int}', 'GET /catalogue'],
}

function createBehaviour(): Behaviour {
  return {
    inspect: () => {},
    observe: () => {},
    conduct: (clientId) => (clientId === conduct.clientId ? conduct : undefined),
    activeClients: () => 42,
    list: (limit) => [conduct].slice(0, limit),
    dropped: () => 0,
  }
}

function createQuarantine(clock: ManualClock): Quarantine & { readonly put: (hold: Hold) => void } {
  const holds = new Map<string, Hold>()
  const exemptions = new Map<string, Exemption>()
  return {
    lookup: (clientId) => holds.get(clientId),
    accuse: () => undefined,
    acquit: () => {},
    isCorroborated: () => false,
    release: (clientId) => holds.delete(clientId),
    extend: (clientId, byMs) => {
      const hold = holds.get(clientId)
      if (hold === undefined) return undefined
      const extended: Hold = { ...hold, untilMs: hold.untilMs + byMs, by: 'person' }
      holds.set(clientId, extended)
      return extended
    },
    exempt: (clientId, options) => {
      const exemption: Exemption = { clientId, ...options }
      exemptions.set(clientId, exemption)
      holds.delete(clientId)
      return exemption
    },
    holds: () => [...holds.values()],
    exemptions: () => [...exemptions.values()].filter((one) => one.untilMs === null || one.untilMs > clock.now()),
    put: (hold) => void holds.set(hold.clientId, hold),
  }
}

export type Fixture = {
  readonly deps: AdminDependencies
  readonly clock: ManualClock
  readonly events: ThymusEvent[]
  readonly put: { readonly hold: (hold: Hold) => void; readonly cell: (cell: MemoryCell) => void }
  readonly dispose: () => void
}

/** The seams in memory, in the form that their rooms promise. */
export function createFixture(config: ConfigInput = {}, overrides: Partial<AdminDependencies> = {}): Fixture {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-admin-'))
  const clock = createManualClock(startMs)
  const bus = createEventBus()
  const events: ThymusEvent[] = []
  bus.subscribe((event) => void events.push(event))
  const memory = createMemory()
  const quarantine = createQuarantine(clock)
  const cases = createCases()
  const deps: AdminDependencies = {
    config: configSchema.parse({ ...config, admin: { port: 0, ...config.admin } }),
    clock,
    events: bus,
    records: createRecords(clock),
    cases,
    memory,
    adaptive: createAdaptive(),
    tolerances: createTolerances(),
    behaviour: createBehaviour(),
    quarantine,
    rules: () => [
      {
        id: 'sqli-110',
        family: 'sqli',
        title: 'Union select in a value',
        paranoia: 1,
        score: 0.9,
        tags: ['sql'],
        file: 'rules/sqli.yaml',
        hits: 2,
        isShadow: false,
      },
    ],
    routes: () => [{ service: 'api', method: 'GET', template: '/orders/{int}' }],
    modeOf: () => ({ mode: 'monitor', from: 'mode' }),
    confirm: (referenceId) => {
      if (cases.get(referenceId)?.findings.some((finding) => finding.field !== null) !== true) return undefined
      memory.put(cellOf(`cell-of-${referenceId}`, { bornFrom: referenceId, bornAtMs: clock.now(), hits: 0 }))
      return `cell-of-${referenceId}`
    },
    metricsText: async () => ({
      contentType: 'text/plain; version=0.0.4',
      text: '# HELP thymus_up Up.\nthymus_up 1\n',
    }),
    readiness: () => ({ ready: true, checks: [{ name: 'store', isOk: true, detail: 'The record log is open.' }] }),
    storeState: () => ({ backend: 'sqlite', isConnected: true, detail: 'SQLite in thymus-data' }),
    credentialsPath: join(folder, 'admin.json'),
    password,
    version: '0.1.0',
    dashboardDir: join(folder, 'no-dashboard'),
    ...overrides,
  }
  return {
    deps,
    clock,
    events,
    put: { hold: quarantine.put, cell: memory.put },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}
