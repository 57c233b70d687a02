import { messageOf } from '../../core/errors.ts'
import type { EventListener } from '../../core/events.ts'
import type { SnapshotStore } from '../../storage/record-log.ts'
import type { SelfModels } from './self-models.ts'

/** Under this name storage keeps models and samples. */
export const modelSnapshotName = 'self-models'

/** Looks after self models in the background: trains what is due, saves models that have changed. Nothing here rejects. */
export type ModelKeeper = {
  /** Takes in what was saved; damaged models are said aloud and trained anew, since traffic must not wait for them. */
  readonly load: () => Promise<void>
  /** To be called now and then; a call while one is at work does nothing. */
  readonly tend: () => Promise<void>
  /** Ends a training that runs and saves models and samples. */
  readonly close: () => Promise<void>
}

export function createModelKeeper(options: {
  /** Those in force: a reload replaces them. */
  readonly models: () => SelfModels
  readonly isEnabled: () => boolean
  readonly snapshots: SnapshotStore
  readonly emit: EventListener
}): ModelKeeper {
  const { models, isEnabled, snapshots, emit } = options
  let savedChanges = 0
  let isTending = false
  let isClosed = false

  const save = async (withoutSamples: boolean): Promise<void> => {
    const changes = models().changes()
    try {
      await snapshots.save(modelSnapshotName, models().save({ withoutSamples }))
      savedChanges = changes
    } catch (thrown) {
      emit({ kind: 'fault', layer: 'store', message: `self models were not saved: ${messageOf(thrown)}` })
    }
  }

  return {
    load: async () => {
      if (!isEnabled()) return
      try {
        const saved = await snapshots.load(modelSnapshotName)
        if (saved !== undefined) models().restore(saved)
      } catch (thrown) {
        emit({ kind: 'fault', layer: 'adaptive', message: `starting without self models: ${messageOf(thrown)}` })
      }
    },
    tend: async () => {
      if (isTending || isClosed) return
      isTending = true
      if (models().isDue()) await models().train()
      if (!isClosed && models().changes() !== savedChanges) await save(true)
      isTending = false
    },
    close: async () => {
      isClosed = true
      await models().close()
      if (isEnabled()) await save(false)
    },
  }
}
