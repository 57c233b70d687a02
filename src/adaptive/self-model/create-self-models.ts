import { z } from 'zod'
import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../core/clock.ts'
import { ThymusError } from '../../core/errors.ts'
import type { EventListener } from '../../core/events.ts'
import { hashText } from '../../core/hash.ts'
import type { Random } from '../../core/random.ts'
import type { AutoencoderModel } from './autoencoder.ts'
import { featureCount, featureLabels, featureNames, featureVersion } from './feature-schema.ts'
import { createModelRegistry, type ModelRegistry, registrySchema } from './model-registry.ts'
import { packFloats, unpackFloats } from './packed-floats.ts'
import { createSampleGroups, type SampleGroup, type SampleGroups } from './sample-groups.ts'
import type { Judgement, SelfModels, TrainingState } from './self-models.ts'
import type { Trainer, TrainingOutcome } from './trainer.ts'

export type SelfModelOptions = {
  readonly config: Config['adaptive']
  readonly clock: Clock
  readonly random: Random
  readonly trainer: Trainer
  readonly emit: EventListener
}

/** Share of the rows, the newest, that only serve to try models on. */
const recentShare = 0.15

const contentSchema = z.strictObject({
  features: z.literal(featureVersion),
  models: registrySchema,
  samples: z.array(
    z
      .strictObject({
        group: z.string(),
        service: z.string(),
        rows: z.custom<Float32Array>((value) => value instanceof Float32Array && value.every(Number.isFinite)),
        sources: z.array(z.int()),
        seen: z.int().nonnegative(),
      })
      .refine(({ rows, sources }) => rows.length === sources.length * featureCount),
  ),
})

/** The self model of each route and service: samples, trainings, the models in force, and the way back. */
export function createSelfModels(options: SelfModelOptions): SelfModels {
  const registry = createModelRegistry(options)
  const samples = createSampleGroups(options.config, options)
  const training = createTraining(options, { registry, samples })
  let rollbacks = 0
  return {
    observe: (routeKey, service, source, features) => {
      const row = { source, features }
      samples.add(service, service, row)
      if (routeKey !== service) samples.add(routeKey, service, row)
    },
    judge: createJudge(registry),
    isDue: training.isDue,
    train: training.train,
    list: registry.list,
    rollback: (id, by) => {
      const result = registry.rollback(id, by)
      if (result === 'done') rollbacks += 1
      return result
    },
    training: training.state,
    changes: () => rollbacks + training.trained(),
    save: ({ withoutSamples } = { withoutSamples: false }) =>
      packFloats({
        features: featureVersion,
        models: registry.content(),
        samples: withoutSamples ? [] : samples.content(),
      } satisfies z.output<typeof contentSchema>),
    restore: (bytes) => {
      const content = parseContent(bytes)
      registry.load(content.models)
      samples.load(content.samples)
    },
    close: training.close,
  }
}

/** Judges by the model of the route, or that of its service; allocates nothing. */
function createJudge(registry: ModelRegistry): SelfModels['judge'] {
  const judged = { surprise: 0, feature: '', label: '', expected: 0, seen: 0, modelId: '' } satisfies Judgement
  return (routeKey, service, features) => {
    const own = registry.current(routeKey)
    const network = own ?? registry.current(service)
    if (network === undefined) return null
    const { surprise, feature, expected, seen } = network.judge(features)
    judged.surprise = surprise
    judged.feature = featureNames[feature] ?? ''
    judged.label = featureLabels[feature] ?? ''
    judged.expected = expected
    judged.seen = seen
    judged.modelId = registry.currentId(own === undefined ? service : routeKey) ?? ''
    return judged
  }
}

type Training = Pick<SelfModels, 'isDue' | 'train' | 'close'> & {
  readonly state: () => TrainingState
  readonly trained: () => number
}

function createTraining(
  { config, clock, trainer, emit }: SelfModelOptions,
  { registry, samples }: { readonly registry: ModelRegistry; readonly samples: SampleGroups },
): Training {
  let state: TrainingState = config.selfModel.enabled
    ? { isOn: true, detail: 'models are trained in a thread of their own' }
    : { isOn: false, detail: 'switched off by adaptive.selfModel.enabled' }
  let running: Promise<void> | null = null
  let isClosed = false
  let trained = 0

  const due = () => samples.due().filter(({ name }) => !registry.isPinned(name))

  async function trainGroup(group: SampleGroup): Promise<void> {
    group.triedAtMs = clock.now()
    group.triedAtSeen = group.reservoir.seen()
    const current = registry.current(group.name)?.model ?? null
    const seed = (config.seed ^ hashText(group.name)) >>> 0
    const outcome = await trainer.train({ ...splitRows(group.reservoir.rows()), current, seed })
    if (isClosed) return
    if (outcome.kind === 'off') state = { isOn: false, detail: outcome.why }
    if (outcome.kind === 'trained') trained += 1
    emit(eventOf(group, outcome, { registry, rival: current }))
  }

  async function trainDue(): Promise<void> {
    for (const group of due()) if (state.isOn && !isClosed) await trainGroup(group)
  }

  return {
    state: () => state,
    trained: () => trained,
    isDue: () => state.isOn && !isClosed && running === null && due().length > 0,
    train: () => {
      running ??= trainDue().finally(() => {
        running = null
      })
      return running
    },
    close: async () => {
      isClosed = true
      await trainer.close()
      await running
    },
  }
}

function splitRows(rows: Float32Array): { readonly rows: Float32Array; readonly recent: Float32Array } {
  const border = Math.floor((rows.length / featureCount) * (1 - recentShare)) * featureCount
  return { rows: rows.slice(0, border), recent: rows.slice(border) }
}

/** Offers what was trained to the registry, and says what became of it. */
function eventOf(
  { name, service }: SampleGroup,
  outcome: TrainingOutcome,
  { registry, rival }: { readonly registry: ModelRegistry; readonly rival: AutoencoderModel | null },
): Parameters<EventListener>[0] {
  if (outcome.kind === 'off') {
    return { kind: 'profile-state', service: '*', route: '*', state: 'not-modelled', detail: outcome.why }
  }
  if (outcome.kind === 'failed') {
    return { kind: 'fault', layer: 'adaptive', message: `the self model of ${name} was not trained: ${outcome.why}` }
  }
  const { model, backend, loss, trials, trainedOn } = outcome
  const version = registry.offer({ group: name, model, backend, loss, trials, rival, samples: trainedOn })
  return {
    kind: 'profile-state',
    service,
    route: name,
    state: version.verdict === 'current' ? 'modelled' : 'model-refused',
    detail: `Model ${version.id} of ${version.samples} requests (${backend}): ${version.reason}.`,
  }
}

function parseContent(bytes: Uint8Array): z.output<typeof contentSchema> {
  const what = 'the saved self models'
  const parsed = contentSchema.safeParse(unpackFloats(bytes, what))
  if (parsed.success) return parsed.data
  throw new ThymusError('THY_SNAPSHOT', `${what} are damaged or of another version`, { cause: parsed.error })
}
