import 'zod-openapi'
import { z } from 'zod'
import { fieldLocations } from '../core/finding.ts'

/** The forms of everything that the API answers. Times are epoch milliseconds, scores 0 to 1 and higher is worse. */

const count = z.int().nonnegative()
const time = z.int().meta({ description: 'Epoch milliseconds.' })
const score = z.number().min(0).max(1)

export const modeSchema = z.enum(['off', 'learn', 'monitor', 'enforce']).meta({ id: 'Mode' })
export const reviewSchema = z.enum(['open', 'benign', 'malicious']).meta({ id: 'Review' })
const layerSchema = z.enum(['innate', 'memory', 'adaptive', 'behaviour']).meta({ id: 'Layer' })
const profileStateSchema = z.enum(['embryo', 'learning', 'mature', 'relearning']).meta({ id: 'ProfileState' })
const locationSchema = z.enum(fieldLocations)

export const sessionView = z
  .object({ user: z.string(), csrfToken: z.string(), expiresAtMs: time })
  .meta({ id: 'Session', description: 'Who is signed in. Send `csrfToken` as X-CSRF-Token with every change.' })

const fieldView = z
  .object({
    service: z.string(),
    method: z.string(),
    route: z.string(),
    location: locationSchema,
    name: z.string(),
  })
  .meta({ id: 'Field' })

export const findingView = z
  .object({
    layer: layerSchema,
    source: z.string(),
    field: fieldView.nullable(),
    score,
    reason: z.string(),
    shadow: z.boolean().optional(),
  })
  .meta({ id: 'Finding' })

export const caseView = z
  .object({
    referenceId: z.string(),
    atMs: time,
    clientId: z.string(),
    service: z.string(),
    method: z.string(),
    route: z.string(),
    mode: modeSchema,
    verdict: z.enum(['allow', 'slow', 'deny']),
    would: z.enum(['slow', 'deny']).nullable(),
    status: count,
    score,
    findings: z.array(findingView),
    review: reviewSchema,
    reviewedBy: z.string().nullable(),
  })
  .meta({ id: 'Case' })

export const conductView = z
  .object({
    clientId: z.string(),
    address: z.string(),
    firstSeenMs: time,
    lastSeenMs: time,
    requests: count,
    errors: count,
    failedSignIns: count,
    distinctObjects: count,
    routes: z.array(z.string()),
  })
  .meta({ id: 'Conduct', description: 'What a client did within the current window.' })

const rungView = z.enum(['free', 'watched', 'slowed', 'restricted', 'isolated']).meta({ id: 'Rung' })

export const holdView = z
  .object({
    clientId: z.string(),
    rung: rungView,
    sinceMs: time,
    untilMs: time,
    reasons: z.array(z.string()),
    kinds: z.array(layerSchema).meta({ description: 'Kinds of evidence it stands on.' }),
    basis: z.enum(['one-kind', 'two-kinds']),
    retryAfterMs: count,
    allowedRoutes: z.array(z.string()).meta({ description: 'What a restricted client may still read.' }),
    count,
    by: z.enum(['machine', 'person']),
    origin: z.string(),
  })
  .meta({ id: 'Hold' })

export const exemptionView = z
  .object({ clientId: z.string(), untilMs: time.nullable(), by: z.string(), reason: z.string() })
  .meta({ id: 'Exemption' })

export const cellView = z
  .object({
    id: z.string(),
    family: z.string(),
    anchors: count.meta({ description: 'How many character groups the cell knows the attack by.' }),
    minAffinity: score,
    radius: score.meta({ description: 'How far a value may be from the cell and still be recalled: 1 - minAffinity.' }),
    phrases: count.meta({ description: 'How many phrases of its skeleton the cell knows the attack by.' }),
    phraseAffinity: score,
    parent: z.string().nullable().meta({ description: 'Cell that it was cloned from.' }),
    generation: count.meta({ description: 'Mutations between it and the attack that was confirmed.' }),
    utility: z
      .number()
      .meta({ description: 'Hits that fade with age, less what people called wrong; the least leaves first.' }),
    falsePositives: count,
    location: locationSchema,
    origin: z.string(),
    bornAtMs: time,
    expiresAtMs: time.nullable(),
    bornFrom: z.string(),
    confirmedBy: z.array(z.string()),
    screenedAgainst: count,
    hits: count,
  })
  .meta({ id: 'Cell' })

export const scopeView = z
  .object({
    service: z.string().min(1).max(128).meta({ description: 'Name of the service; `*` for any.' }),
    method: z.string().min(1).max(32).meta({ description: 'Method; `*` for any.' }),
    route: z
      .string()
      .startsWith('/')
      .max(512)
      .meta({ description: 'Route template; `*` stands for one segment, `**` for any number.' }),
    field: z
      .string()
      .min(1)
      .max(300)
      .nullable()
      .meta({ description: '`query:page` or `json:/items/*`; null for all fields of the route.' }),
    finding: z
      .string()
      .min(1)
      .max(160)
      .nullable()
      .meta({ description: '`innate:sqli-110`, or `tag:sql` for all rules with a tag; null for every finding.' }),
  })
  .meta({ id: 'ToleranceScope' })

export const toleranceView = z
  .object({
    id: z.string(),
    scope: scopeView,
    by: z.string(),
    reason: z.string(),
    untilMs: time,
    hits: count,
    isConfigured: z.boolean(),
  })
  .meta({ id: 'Tolerance' })

export const deployView = z
  .object({
    id: z.string(),
    scope: z.object({ service: z.string(), route: z.string() }),
    by: z.string(),
    reason: z.string(),
    markedAtMs: time,
    untilMs: time,
    isRunning: z.boolean().meta({ description: 'Whether new things are expected now; false once the window is over.' }),
  })
  .meta({ id: 'Deploy' })

export const modelView = z
  .object({
    id: z.string(),
    group: z.string().meta({ description: 'Route with service and method, or service.' }),
    trainedAtMs: time,
    samples: count,
    backend: z.string(),
    loss: z.number(),
    p99Residual: z.number().meta({ description: '99th percentile of the residual, in usual errors.' }),
    recall: score.meta({ description: 'Share of the fixed attack set that it recognises; higher is better.' }),
    verdict: z.enum(['current', 'retired', 'refused', 'withdrawn']),
    reason: z.string(),
  })
  .meta({ id: 'SelfModel' })

export const trainingView = z.object({ isOn: z.boolean(), detail: z.string() }).meta({ id: 'Training' })

export const progressView = z
  .object({
    state: profileStateSchema,
    routes: count,
    fields: z.object({ embryo: count, learning: count, mature: count, relearning: count }),
    samples: count,
    missing: z.array(z.string()),
    dropped: count,
  })
  .meta({ id: 'LearningProgress' })

export const profileView = z
  .object({
    field: fieldView,
    state: profileStateSchema,
    samples: count,
    sources: count,
    slices: count,
    missing: z.array(z.string()),
    types: z.array(z.string()),
    selfChunks: count,
    detectors: count,
  })
  .meta({ id: 'Profile' })

export const detectorView = z
  .object({
    id: z.string(),
    kind: z.enum(['chunk', 'type', 'length', 'character', 'magnitude', 'value', 'inherited']),
    field: fieldView,
    pattern: z.string(),
    state: z.enum(['candidate', 'mature', 'activated', 'memory', 'retired']),
    retiredBecause: z.enum(['matched-self', 'expired', 'false-positive', 'suppressed']).nullable(),
    screenedAgainst: count.meta({ description: 'Values of self that it was compared with last.' }),
    screenedAtMs: time,
    selfMatches: count.meta({ description: 'How many of them it matched: 0 for every detector that acts.' }),
    matches: count,
    parent: z.string().nullable(),
  })
  .meta({ id: 'Detector' })

export const ruleView = z
  .object({
    id: z.string(),
    family: z.string(),
    title: z.string(),
    paranoia: count,
    score,
    tags: z.array(z.string()),
    file: z.string(),
    hits: count,
    isShadow: z.boolean(),
  })
  .meta({ id: 'Rule' })

export const routeModeView = z
  .object({ service: z.string(), method: z.string(), route: z.string(), mode: modeSchema, from: z.string() })
  .meta({ id: 'RouteMode' })

const sliceView = z.object({ atMs: time, requests: count, refused: count, wouldRefuse: count })

export const stateView = z
  .object({
    version: z.string(),
    nodeId: z.string(),
    nowMs: time,
    startedAtMs: time,
    mode: modeSchema,
    learning: progressView,
    store: z.object({
      backend: z.enum(['memory', 'sqlite', 'redis']),
      isConnected: z.boolean(),
      detail: z.string(),
    }),
    readiness: z.object({
      ready: z.boolean(),
      checks: z.array(z.object({ name: z.string(), isOk: z.boolean(), detail: z.string() })),
    }),
    traffic: z.object({
      requests: count,
      refused: count,
      wouldRefuse: count,
      series: z.array(sliceView),
      topReasons: z.array(z.object({ layer: layerSchema, source: z.string(), reason: z.string(), count })),
    }),
    silenced: z.array(z.string()).meta({ description: 'Sources and fields that the circuit breaker has silenced.' }),
    counts: z.object({
      openCases: count,
      cases: count,
      held: count,
      watched: count,
      byRung: z.record(z.string(), count),
      exemptions: count,
      cells: count,
      tolerances: count,
      activeClients: count,
    }),
  })
  .meta({ id: 'State' })

export const problemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' })
