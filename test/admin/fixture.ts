import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LearningProgress, ProfileSummary } from '../../src/adaptive/adaptive.ts'
import { createTolerances } from '../../src/adaptive/create-tolerances.ts'
import { createDeploys } from '../../src/adaptive/deploys.ts'
import { DetectorRegistry } from '../../src/adaptive/detector-registry.ts'
import { createModelRegistry } from '../../src/adaptive/self-model/model-registry.ts'
import type { AdminDependencies, RuleView } from '../../src/admin/dependencies.ts'
import type { ClientConduct } from '../../src/behaviour/behaviour.ts'
import { type ConfigInput, configSchema } from '../../src/config/schema.ts'
import type { Client } from '../../src/core/client.ts'
import { createManualClock, type ManualClock } from '../../src/core/clock.ts'
import { createEventBus, type EventBus, type ThymusEvent } from '../../src/core/events.ts'
import type { FieldId, Finding } from '../../src/core/finding.ts'
import { createRandom } from '../../src/core/random.ts'
import { createMemory } from '../../src/memory/create-memory.ts'
import type { ConfirmedAttack, Memory, SelfGrams } from '../../src/memory/memory.ts'
import { createQuarantine, type Quarantine } from '../../src/quarantine/quarantine.ts'
import { createMemoryStorage } from '../../src/storage/memory-storage.ts'
import { type CaseLog, createCaseLog, type ReviewCase } from '../../src/telemetry/cases.ts'
import { offerModel } from '../adaptive/self-model/fixture.ts'

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

/** Nothing is normal here: every part of an attack is foreign. */
const noSelf: SelfGrams = { has: () => false, size: () => 412 }

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

const pageGroup = 'api GET /orders/{int}'

const rule: RuleView = {
  id: 'sqli-110',
  family: 'sqli',
  title: 'Union select in a value',
  paranoia: 1,
  score: 0.9,
  tags: ['sql'],
  file: 'rules/sqli.yaml',
  hits: 2,
  isShadow: false,
}

/** Two models of one route: m1, and m2 that took its place. */
function createModels(clock: ManualClock): AdminDependencies['models'] {
  const registry = createModelRegistry({ clock })
  offerModel(registry, { group: pageGroup })
  offerModel(registry, { group: pageGroup })
  return { ...registry, training: () => ({ isOn: true, detail: 'models are trained in a thread of their own' }) }
}

/** One detector of chunks that matched twice. */
function createAdaptive(clock: ManualClock): AdminDependencies['adaptive'] {
  const detectors = new DetectorRegistry(10)
  const match = { slot: 2, feature: 1_180, pattern: 'letter-quote-blank', field: pageField, samples: 412 }
  for (let times = 0; times < 2; times += 1) detectors.match({ ...match, atMs: startMs })
  return {
    progress: () => learningProgress,
    profiles: (limit) => profiles.slice(0, limit),
    detectors: (limit) => detectors.list(limit),
    retireDetector: (id) => {
      detectors.retire(id, clock.now())
      return detectors.find(id)
    },
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

function createBehaviour(): AdminDependencies['behaviour'] {
  return {
    conduct: (clientId) => (clientId === conduct.clientId ? conduct : undefined),
    activeClients: () => 42,
    list: (limit) => [conduct].slice(0, limit),
  }
}

/** Accuses a client with two kinds of strong evidence in two requests: it is isolated afterwards. */
export function accuseTwice(quarantine: Quarantine, address: string): string {
  const client: Client = { id: `address:${address}`, kind: 'address', address, source: address }
  const first = [findingOf({ layer: 'innate', source: 'sqli-110', score: 0.95, reason: 'Union select in a value.' })]
  const walk = { layer: 'behaviour', source: 'object-walk', field: null } as const
  const second = [findingOf({ ...walk, score: 0.9, reason: 'Asked for 31 distinct orders within a minute.' })]
  quarantine.accuse(client, first, 1_000)
  quarantine.accuse(client, second, 1_000)
  return client.id
}

/** Accuses a client with one kind of evidence: it is watched. */
export function accuseOnce(quarantine: Quarantine, address: string): string {
  const client: Client = { id: `address:${address}`, kind: 'address', address, source: address }
  quarantine.accuse(client, [findingOf({ score: 0.6 })], 1_000)
  return client.id
}

export const attack: ConfirmedAttack = {
  location: 'query',
  value: "1' union select password from users where 'a'='a",
  family: 'sqli',
  referenceId: 'ref-0',
  confirmedBy: ['innate', 'adaptive'],
}

export type Fixture = {
  readonly deps: AdminDependencies
  readonly clock: ManualClock
  readonly events: ThymusEvent[]
  readonly bus: EventBus
  readonly cases: CaseLog
  readonly memory: Memory
  readonly quarantine: Quarantine
  readonly dispose: () => Promise<void>
}

export type FixtureOptions = Partial<Omit<AdminDependencies, 'config' | 'clock'>> & {
  readonly config?: ConfigInput
  readonly clock?: ManualClock
}

/** Real storage, quarantine, memory, tolerances and cases; learning and conduct stand still. */
export function createFixture({
  config: input = {},
  clock = createManualClock(startMs),
  ...overrides
}: FixtureOptions = {}): Fixture {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-admin-'))
  const config = configSchema.parse({ ...input, admin: { port: 0, ...input.admin } })
  const bus = createEventBus()
  const { emit } = bus
  const events: ThymusEvent[] = []
  bus.subscribe((event) => void events.push(event))
  const { records, nodeId: origin, close } = createMemoryStorage({ nodeId: 'node-a', clock })
  const memory = createMemory({ config: config.memory, records, selfGrams: noSelf, clock, emit, origin })
  const random = createRandom(7)
  const quarantine = createQuarantine({ config: config.quarantine, records, clock, random, emit, origin })
  const cases = createCaseLog({ capacity: 200 })
  const deps: AdminDependencies = {
    config,
    clock,
    events: bus,
    records,
    cases,
    memory,
    adaptive: createAdaptive(clock),
    tolerances: createTolerances({ records, clock }),
    deploys: createDeploys({ records, clock, windowMs: config.adaptive.deployWindowMs }),
    models: createModels(clock),
    behaviour: createBehaviour(),
    quarantine,
    rules: () => [rule],
    routes: () => [{ service: 'api', method: 'GET', template: '/orders/{int}' }],
    modeOf: () => ({ mode: 'monitor', from: 'mode' }),
    confirm: (referenceId, by) => {
      const entry = cases.get(referenceId)
      const field = entry?.findings.find((finding) => finding.field !== null)?.field
      if (field == null) return undefined
      return memory.remember({ ...attack, location: field.location, referenceId, confirmedBy: [by] })?.id
    },
    metricsText: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'thymus_up 1\n' }),
    readiness: () => ({ ready: true, checks: [{ name: 'rules', isOk: true, detail: '60 rules are compiled.' }] }),
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
    bus,
    cases,
    memory,
    quarantine,
    dispose: async () => {
      memory.close()
      await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
