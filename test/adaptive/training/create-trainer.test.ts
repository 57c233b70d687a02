import { describe, expect, it } from '@jest/globals'
import { loadBackend } from '../../../src/adaptive/training/backend.ts'
import { createTrainer } from '../../../src/adaptive/training/create-trainer.ts'
import { trainModel } from '../../../src/adaptive/training/train-model.ts'
import { ordinaryRows } from '../self-model/fixture.ts'

const job = { rows: ordinaryRows(300), recent: ordinaryRows(100, 9), current: null, seed: 5 }

describe('a trainer', () => {
  it('trains in its thread what training here gives', async () => {
    const trainer = createTrainer({ order: ['cpu'] })
    const outcome = await trainer.train(job)
    expect(outcome).toMatchObject({ kind: 'trained', backend: 'cpu' })
    expect(outcome).toEqual(trainModel(job, await loadBackend(['cpu'])))
    await trainer.close()
  }, 60_000)

  it('trains one model at a time', async () => {
    const trainer = createTrainer({ order: ['cpu'] })
    const outcomes = await Promise.all([trainer.train(job), trainer.train(job)])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['trained', 'failed'])
    await trainer.close()
  }, 60_000)

  it('says that training is off where TensorFlow.js does not load', async () => {
    const trainer = createTrainer({ order: [] })
    expect(await trainer.train(job)).toMatchObject({ kind: 'off', why: expect.stringContaining('is not trained here') })
    await trainer.close()
  })

  it('ends a training that runs when it is closed, and starts none after', async () => {
    const trainer = createTrainer({ order: ['cpu'] })
    const running = trainer.train(job)
    await trainer.close()
    expect(await running).toEqual({ kind: 'failed', why: 'the training thread ended' })
    expect(await trainer.train(job)).toEqual({ kind: 'failed', why: 'the trainer is closed' })
  })
})
