import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { type Autoencoder, type AutoencoderModel, createAutoencoder } from './autoencoder.ts'
import { modelSchema } from './model-content.ts'
import { objectionTo, type Trial } from './trial.ts'

/** `retired`: a better one came. `refused`: it never acted. `withdrawn`: a person went back behind it. */
const verdicts = ['current', 'retired', 'refused', 'withdrawn'] as const

const versionSchema = z.strictObject({
  id: z.string().regex(/^m\d{1,12}$/),
  /** Route (`api GET /orders/{int}`) or service. */
  group: z.string(),
  trainedAtMs: z.int(),
  samples: z.int().nonnegative(),
  backend: z.string(),
  loss: z.number(),
  /** 99th percentile of the residual on benign traffic, in usual errors. */
  p99Residual: z.number(),
  /** Share of the fixed attack set that it recognises. */
  recall: z.number(),
  verdict: z.enum(verdicts),
  /** One sentence: why it has this verdict. */
  reason: z.string(),
})

/** One trained model, for people. */
export type ModelVersion = Readonly<z.output<typeof versionSchema>>

const groupSchema = z.strictObject({
  group: z.string(),
  pinnedUntilMs: z.int(),
  versions: z.array(z.strictObject({ version: versionSchema, model: modelSchema })),
})

export const registrySchema = z.strictObject({ lastId: z.int().nonnegative(), groups: z.array(groupSchema) })
export type RegistryContent = z.output<typeof registrySchema>

export type Candidate = {
  readonly group: string
  readonly model: AutoencoderModel
  readonly samples: number
  readonly backend: string
  readonly loss: number
  readonly trials: { readonly candidate: Trial; readonly current: Trial | null }
  /** The model it was compared with; `null` when there was none. */
  readonly rival: AutoencoderModel | null
}

export type Rollback = 'done' | 'unknown' | 'refused-model' | 'already-current'

export type ModelRegistry = {
  readonly current: (group: string) => Autoencoder | undefined
  readonly currentId: (group: string) => string | undefined
  /** Puts a candidate in force, or on record as refused. */
  readonly offer: (candidate: Candidate) => ModelVersion
  /** Puts an earlier model in force again; its group is not trained for a day. */
  readonly rollback: (id: string, by: string) => Rollback
  /** Whether a person went back here and no candidate is wanted yet. */
  readonly isPinned: (group: string) => boolean
  /** Newest first. */
  readonly list: () => readonly ModelVersion[]
  readonly content: () => RegistryContent
  readonly load: (content: RegistryContent) => void
}

type Entry = { version: ModelVersion; readonly model: AutoencoderModel }
type Group = { pinnedUntilMs: number; entries: Entry[]; acting: { id: string; network: Autoencoder } | null }

/** Models kept per group, the acting one among them. */
export const maxHistory = 5
const pinMs = 86_400_000

/** The models of all groups: one acts in each, and is exchanged as a whole between two requests. */
export function createModelRegistry({ clock }: { readonly clock: Clock }): ModelRegistry {
  const groups = new Map<string, Group>()
  let lastId = 0
  return {
    current: (group) => groups.get(group)?.acting?.network,
    currentId: (group) => groups.get(group)?.acting?.id,
    isPinned: (group) => clock.now() < (groups.get(group)?.pinnedUntilMs ?? 0),
    offer: (candidate) => {
      const group = groups.get(candidate.group) ?? { pinnedUntilMs: 0, entries: [], acting: null }
      groups.set(candidate.group, group)
      lastId += 1
      const objection = objectionOf(candidate, group, clock.now())
      const version = versionOf(candidate, { id: `m${lastId}`, objection, atMs: clock.now() })
      const entry: Entry = { version, model: candidate.model }
      if (objection === null) put(group, entry, { verdict: 'retired', reason: `${version.id} took its place` })
      group.entries.push(entry)
      trim(group)
      return version
    },
    rollback: (id, by) => {
      for (const group of groups.values()) {
        const entry = group.entries.find(({ version }) => version.id === id)
        if (entry !== undefined) return goBack(group, entry, { by, untilMs: clock.now() + pinMs })
      }
      return 'unknown'
    },
    list: () =>
      [...groups.values()]
        .flatMap(({ entries }) => entries.map(({ version }) => version))
        .sort((left, right) => numberOf(right.id) - numberOf(left.id)),
    content: () => ({ lastId, groups: [...groups].map(([name, group]) => contentOf(name, group)) }),
    load: (content) => {
      groups.clear()
      lastId = content.lastId
      for (const saved of content.groups) groups.set(saved.group, groupFrom(saved))
    },
  }
}

/** Lets an entry act from the next request on. */
function put(group: Group, entry: Entry, why: { verdict: 'retired' | 'withdrawn'; reason: string }): void {
  const before = group.entries.find(({ version }) => version.id === group.acting?.id)
  if (before !== undefined) before.version = { ...before.version, ...why }
  group.acting = { id: entry.version.id, network: createAutoencoder(entry.model) }
}

/** What was refused before leaves first, since nobody can go back to it; then the oldest that does not act. */
function trim({ entries }: Group): void {
  while (entries.length > maxHistory) {
    const refused = entries.slice(0, -1).findIndex(({ version }) => version.verdict === 'refused')
    const idle = entries.findIndex(({ version }) => version.verdict !== 'current')
    entries.splice(refused === -1 ? idle : refused, 1)
  }
}

function goBack(group: Group, entry: Entry, { by, untilMs }: { by: string; untilMs: number }): Rollback {
  const { id, verdict } = entry.version
  if (verdict === 'refused') return 'refused-model'
  if (verdict === 'current') return 'already-current'
  put(group, entry, { verdict: 'withdrawn', reason: `${by} went back to ${id}` })
  entry.version = { ...entry.version, verdict: 'current', reason: `${by} went back to it` }
  group.pinnedUntilMs = untilMs
  return 'done'
}

function contentOf(group: string, { pinnedUntilMs, entries }: Group): RegistryContent['groups'][number] {
  return { group, pinnedUntilMs, versions: entries.map(({ version, model }) => ({ version, model })) }
}

function groupFrom({ pinnedUntilMs, versions }: RegistryContent['groups'][number]): Group {
  const entries = versions.slice(-maxHistory)
  const acting = entries.find(({ version }) => version.verdict === 'current')
  return {
    pinnedUntilMs,
    entries,
    acting: acting === undefined ? null : { id: acting.version.id, network: createAutoencoder(acting.model) },
  }
}

const numberOf = (id: string): number => Number(id.slice(1))

function objectionOf({ rival, trials }: Candidate, group: Group, nowMs: number): string | null {
  if ((group.acting?.network.model ?? null) !== rival) return 'the model in force was exchanged while it was trained'
  if (nowMs < group.pinnedUntilMs) return 'a person went back to the model in force'
  return objectionTo(trials.candidate, trials.current)
}

function versionOf(
  { group, samples, backend, loss, trials }: Candidate,
  made: { readonly id: string; readonly objection: string | null; readonly atMs: number },
): ModelVersion {
  const { p99Residual, recall } = trials.candidate
  return {
    id: made.id,
    group,
    trainedAtMs: made.atMs,
    samples,
    backend,
    loss,
    p99Residual,
    recall,
    verdict: made.objection === null ? 'current' : 'refused',
    reason: made.objection ?? 'it stood the trial on benign traffic of late and on the fixed attack set',
  }
}
