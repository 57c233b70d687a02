import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSelfModels } from '../../../src/adaptive/self-model/create-self-models.ts'
import { featureCount } from '../../../src/adaptive/self-model/feature-schema.ts'
import { createModelKeeper, modelSnapshotName } from '../../../src/adaptive/self-model/model-keeper.ts'
import { explainJudgement, type SelfModels } from '../../../src/adaptive/self-model/self-models.ts'
import type { Trainer } from '../../../src/adaptive/self-model/trainer.ts'
import { recognisedFrom } from '../../../src/adaptive/self-model/trial.ts'
import { infect, vaccines } from '../../../src/adaptive/self-model/vaccination.ts'
import { createTrainer } from '../../../src/adaptive/training/create-trainer.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { createManualClock } from '../../../src/core/clock.ts'
import type { ThymusEvent } from '../../../src/core/events.ts'
import { createRandom } from '../../../src/core/random.ts'
import { createMemoryStorage } from '../../../src/storage/memory-storage.ts'
import { ordinaryRows, rowOf } from './fixture.ts'

const route = 'api GET /orders/{int}'
const opened: SelfModels[] = []

function createScene(options: { trainer?: Trainer; settings?: object } = {}) {
  const { adaptive } = configSchema.parse({
    adaptive: { selfModel: { enabled: true, minSamples: 500, maxSamples: 1_000, ...options.settings } },
  })
  const clock = createManualClock(1_000)
  const events: ThymusEvent[] = []
  const models = createSelfModels({
    config: adaptive,
    clock,
    random: createRandom(1),
    trainer: options.trainer ?? createTrainer(),
    emit: (event) => events.push(event),
  })
  opened.push(models)
  return { models, clock, events }
}

/** Ordinary traffic from fifty sources. */
function show(models: SelfModels, count: number, { routeKey = route, seed = 1 } = {}): void {
  const rows = ordinaryRows(count, seed)
  for (let row = 0; row < count; row += 1) models.observe(routeKey, 'api', row % 50, rowOf(rows, row))
}

const ordinary = rowOf(ordinaryRows(1, 99), 0)
const attack = new Float32Array(featureCount)
infect(ordinary, vaccines[0] as (typeof vaccines)[number], attack)

const trained = createScene()
show(trained.models, 600)
await trained.models.train()

afterAll(() => Promise.all(opened.map((models) => models.close())))

describe('self models', () => {
  it('have nothing to say before there is a model, and no training before there is enough', () => {
    const { models } = createScene()
    show(models, 499)
    expect([models.judge(route, 'api', attack), models.isDue()]).toEqual([null, false])
    show(models, 10)
    expect(models.isDue()).toBe(true)
  })

  it('know an attack from ordinary traffic once trained, and name the feature', () => {
    const { models, events } = trained
    expect(models.list()).toMatchObject([
      { id: 'm2', group: route, verdict: 'current' },
      { id: 'm1', group: 'api', verdict: 'current' },
    ])
    expect(events).toMatchObject([
      { kind: 'profile-state', service: 'api', route: 'api', state: 'modelled' },
      { kind: 'profile-state', service: 'api', route, state: 'modelled' },
    ])
    expect(models.judge(route, 'api', ordinary)?.surprise).toBeLessThan(recognisedFrom)
    const judged = models.judge(route, 'api', attack)
    expect(judged?.surprise).toBeGreaterThan(recognisedFrom)
    expect(judged?.feature).toMatch(/^(?:masked|rarity|foreign)/)
    if (judged === null) throw new Error('there is no model')
    expect(explainJudgement(judged)).toMatch(/one in [\d,]+ ordinary requests .+ is [\d.]+, -?[\d.]+ was expected$/)
  })

  it('judge a thin route by the model of its service, and another service by none', () => {
    const { models } = trained
    expect(models.judge('api GET /rare', 'api', attack)?.modelId).toBe('m1')
    expect(models.judge(route, 'api', attack)?.modelId).toBe('m2')
    expect(models.judge('other GET /', 'other', attack)).toBeNull()
  })

  it('are trained again only after a while and with enough that is new', async () => {
    const { models, clock } = createScene()
    show(models, 600)
    await models.train()
    expect(models.isDue()).toBe(false)
    clock.advance(3_600_000)
    expect(models.isDue()).toBe(false)
    show(models, 400, { seed: 2 })
    expect(models.isDue()).toBe(true)
    await models.train()
    expect(models.list().filter(({ verdict }) => verdict === 'current')).toHaveLength(2)
    expect(models.list()).toHaveLength(4)
  }, 60_000)

  it('are the same twice for the same traffic and seed', async () => {
    const { models } = createScene()
    show(models, 600)
    await models.train()
    const one = models.judge(route, 'api', attack)?.surprise
    expect(one).toBe(trained.models.judge(route, 'api', attack)?.surprise)
  }, 60_000)

  it('go on after a restart: models, history, samples', () => {
    const { models } = createScene()
    models.restore(trained.models.save())
    expect(models.list()).toEqual(trained.models.list())
    expect(models.judge(route, 'api', attack)?.surprise).toBe(trained.models.judge(route, 'api', attack)?.surprise)
    expect(models.isDue()).toBe(true)
    expect(Buffer.compare(models.save(), trained.models.save())).toBe(0)
  })

  it('refuse what is no snapshot, and stay as they were', () => {
    const { models } = createScene()
    models.restore(trained.models.save())
    const good = trained.models.save()
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 254 }), fc.boolean(), (position, change, isCut) => {
        const bad = isCut ? good.slice(0, position % good.length) : good.slice()
        // The beginning is the form; a float further behind may change and still be one.
        if (!isCut) bad[position % 4_000] = ((bad[position % 4_000] as number) + 1 + change) % 256
        try {
          models.restore(bad)
          models.restore(good)
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'THY_SNAPSHOT' })
        }
        expect(models.list()).toEqual(trained.models.list())
      }),
    )
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(3), Buffer.from('nonsense'), Buffer.alloc(64, 255)]) {
      expect(() => models.restore(bytes)).toThrow('the saved self models are damaged')
    }
  })

  it('say once that training is off where TensorFlow.js does not load, and go on without', async () => {
    const { models, events } = createScene({ trainer: createTrainer({ order: [] }) })
    show(models, 600)
    await models.train()
    expect(models.training()).toMatchObject({ isOn: false, detail: expect.stringContaining('TensorFlow.js') })
    expect(events).toMatchObject([{ kind: 'profile-state', state: 'not-modelled' }])
    expect([models.isDue(), models.judge(route, 'api', attack)]).toEqual([false, null])
    await models.train()
    expect(events).toHaveLength(1)
  })

  it('tell a training that failed as a fault, and try again later', async () => {
    const trainer: Trainer = { train: async () => ({ kind: 'failed', why: 'no memory' }), close: async () => undefined }
    const { models, events, clock } = createScene({ trainer })
    show(models, 600)
    await models.train()
    expect(events).toContainEqual({
      kind: 'fault',
      layer: 'adaptive',
      message: `the self model of ${route} was not trained: no memory`,
    })
    expect(models.isDue()).toBe(false)
    clock.advance(3_600_000)
    show(models, 300)
    expect(models.isDue()).toBe(true)
  })

  it('follow no more routes than they may; the others count for their service', () => {
    const { models } = createScene({ settings: { maxModels: 2 } })
    for (let index = 0; index < 40; index += 1) show(models, 20, { routeKey: `api GET /r${index}`, seed: index })
    const { models: other } = createScene({ settings: { maxModels: 2 } })
    show(other, 800)
    // Two routes of twenty rows and the service, against a route and the service with all.
    expect(models.save().length).toBeLessThan(other.save().length)
    expect(models.isDue()).toBe(true)
  })

  it('do not let one source fill a sample', () => {
    const { models } = createScene()
    const rows = ordinaryRows(2_000)
    for (let row = 0; row < 2_000; row += 1) models.observe(route, 'api', 7, rowOf(rows, row))
    expect(models.isDue()).toBe(false)
  })

  it('are never trained while switched off', () => {
    const { models } = createScene({ settings: { enabled: false } })
    show(models, 600)
    expect([models.isDue(), models.training().isOn]).toEqual([false, false])
  })
})

describe('the keeper of self models', () => {
  it('trains what is due, saves it, and the next start has it', async () => {
    const { models, clock } = createScene()
    const { snapshots } = createMemoryStorage({ nodeId: 'n', clock })
    const keep = (kept: SelfModels, events: ThymusEvent[] = []) =>
      createModelKeeper({ models: () => kept, isEnabled: () => true, snapshots, emit: (event) => events.push(event) })
    show(models, 600)
    const keeper = keep(models)
    await Promise.all([keeper.tend(), keeper.tend()])
    expect(models.list()).toHaveLength(2)
    const inUse = (await snapshots.load(modelSnapshotName))?.length ?? 0
    expect(inUse).toBeGreaterThan(0)
    await keeper.close()
    // Samples are written when no request waits for it.
    expect((await snapshots.load(modelSnapshotName))?.length).toBeGreaterThan(inUse + 600 * featureCount * 4)
    const next = createScene().models
    await keep(next).load()
    expect(next.list()).toEqual(models.list())
  }, 60_000)

  it('says aloud that saved models are damaged, and starts without', async () => {
    const { models, clock } = createScene()
    const { snapshots } = createMemoryStorage({ nodeId: 'n', clock })
    await snapshots.save(modelSnapshotName, Buffer.from('damaged'))
    const events: ThymusEvent[] = []
    const emit = (event: ThymusEvent) => events.push(event)
    await createModelKeeper({ models: () => models, isEnabled: () => true, snapshots, emit }).load()
    expect(events).toMatchObject([
      { kind: 'fault', layer: 'adaptive', message: expect.stringContaining('starting without self models') },
    ])
    expect(models.list()).toEqual([])
  })

  it('ends a training that runs, without a fault', async () => {
    const { models, clock, events } = createScene()
    const { snapshots } = createMemoryStorage({ nodeId: 'n', clock })
    show(models, 600)
    const emit = (event: ThymusEvent) => events.push(event)
    const keeper = createModelKeeper({ models: () => models, isEnabled: () => true, snapshots, emit })
    const tending = keeper.tend()
    await keeper.close()
    await tending
    expect([events, models.list()]).toEqual([[], []])
    expect(await snapshots.load(modelSnapshotName)).toBeDefined()
  })
})
