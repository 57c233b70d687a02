import { describe, expect, it } from '@jest/globals'
import { createModelRegistry, maxHistory, registrySchema } from '../../../src/adaptive/self-model/model-registry.ts'
import { createManualClock } from '../../../src/core/clock.ts'
import { anyModel, goodTrial, offerModel } from './fixture.ts'

const group = 'api GET /orders/{int}'
const verdicts = (registry: ReturnType<typeof createModelRegistry>) =>
  registry.list().map(({ id, verdict }) => `${id} ${verdict}`)

function createScene() {
  const clock = createManualClock(1_000)
  return { clock, registry: createModelRegistry({ clock }) }
}

describe('a model registry', () => {
  it('puts a sound candidate in force and retires the one before', () => {
    const { registry } = createScene()
    expect(registry.current(group)).toBeUndefined()
    offerModel(registry, { group, seed: 1 })
    const first = registry.current(group)
    offerModel(registry, { group, seed: 2 })
    expect(verdicts(registry)).toEqual(['m2 current', 'm1 retired'])
    expect(registry.current(group)).not.toBe(first)
    expect(registry.currentId(group)).toBe('m2')
  })

  it('refuses a candidate that is more than twice as surprised by benign traffic of late', () => {
    const { registry } = createScene()
    offerModel(registry, { group })
    const { verdict, reason } = offerModel(registry, { group, trial: { ...goodTrial, p999: 14 } })
    expect([verdict, registry.currentId(group)]).toEqual(['refused', 'm1'])
    expect(reason).toContain('surprises it by 14.0 nats')
    expect(offerModel(registry, { group, trial: { ...goodTrial, p999: 13.5 } }).verdict).toBe('current')
  })

  it('refuses a candidate that recognises over a point less of the fixed attack set', () => {
    const { registry } = createScene()
    offerModel(registry, { group })
    const worse = offerModel(registry, { group, trial: { ...goodTrial, recall: 0.885 } })
    expect([worse.verdict, registry.currentId(group)]).toEqual(['refused', 'm1'])
    expect(worse.reason).toContain('recognises 88.5 % of the fixed attack set, 89.0 % are needed')
    expect(offerModel(registry, { group, trial: { ...goodTrial, recall: 0.895 } }).verdict).toBe('current')
  })

  it('refuses a first model that is blind or not calibrated, and figures that are none', () => {
    const { registry } = createScene()
    let ran = 0
    for (const trial of [{ recall: 0.49 }, { p999: 14 }, { p999: Number.NaN }, { recall: Number.NaN }]) {
      expect(offerModel(registry, { group, trial: { ...goodTrial, ...trial } }).verdict).toBe('refused')
      ran += 1
    }
    expect([ran, registry.current(group)]).toEqual([4, undefined])
  })

  it('refuses a candidate that was compared with a model that no longer acts', () => {
    const { registry } = createScene()
    offerModel(registry, { group })
    const { verdict, reason } = registry.offer({
      group,
      model: anyModel(),
      samples: 1,
      backend: 'cpu',
      loss: 1,
      trials: { candidate: goodTrial, current: goodTrial },
      rival: anyModel(3),
    })
    expect([verdict, reason]).toEqual(['refused', 'the model in force was exchanged while it was trained'])
  })

  it('goes back to an earlier model, and leaves its group alone for a day', () => {
    const { registry, clock } = createScene()
    offerModel(registry, { group, seed: 1 })
    const first = registry.current(group)?.model
    offerModel(registry, { group, seed: 2 })
    expect(registry.rollback('m1', 'ada')).toBe('done')
    expect(registry.current(group)?.model).toBe(first)
    expect(registry.list()).toMatchObject([
      { id: 'm2', verdict: 'withdrawn', reason: 'ada went back to m1' },
      { id: 'm1', verdict: 'current', reason: 'ada went back to it' },
    ])
    expect(registry.isPinned(group)).toBe(true)
    expect(offerModel(registry, { group }).verdict).toBe('refused')
    clock.advance(86_400_000)
    expect(registry.isPinned(group)).toBe(false)
    expect(offerModel(registry, { group }).verdict).toBe('current')
  })

  it('goes back to nothing that was refused, acts already or is not known', () => {
    const { registry } = createScene()
    offerModel(registry, { group })
    offerModel(registry, { group, trial: { ...goodTrial, recall: 0 } })
    expect(['m1', 'm2', 'm3'].map((id) => registry.rollback(id, 'ada'))).toEqual([
      'already-current',
      'refused-model',
      'unknown',
    ])
    expect(registry.isPinned(group)).toBe(false)
  })

  it('keeps a bounded history, of which refused models leave first', () => {
    const { registry } = createScene()
    for (let turn = 0; turn < 3; turn += 1) offerModel(registry, { group })
    for (let turn = 0; turn < 10; turn += 1) offerModel(registry, { group, trial: { ...goodTrial, recall: 0 } })
    expect(registry.list()).toHaveLength(maxHistory)
    expect(verdicts(registry)).toEqual(expect.arrayContaining(['m3 current', 'm2 retired', 'm1 retired']))
    for (let turn = 0; turn < 10; turn += 1) offerModel(registry, { group })
    expect(verdicts(registry)).toEqual(['m23 current', 'm22 retired', 'm21 retired', 'm20 retired', 'm19 retired'])
  })

  it('has the same models, the same one acting and no id twice after a restart', () => {
    const { registry, clock } = createScene()
    offerModel(registry, { group, seed: 1 })
    offerModel(registry, { group, seed: 2 })
    registry.rollback('m1', 'ada')
    const other = createModelRegistry({ clock })
    other.load(registrySchema.parse(registry.content()))
    expect(other.list()).toEqual(registry.list())
    expect([other.currentId(group), other.isPinned(group)]).toEqual(['m1', true])
    expect(offerModel(other, { group: 'api' }).id).toBe('m3')
  })
})
