import type { AutoencoderModel } from './autoencoder.ts'
import type { Trial } from './trial.ts'

/** What a model is trained from: feature vectors of one group, oldest first. */
export type TrainingJob = {
  readonly rows: Float32Array
  /** Newer rows than those: nothing is fitted to them, old and new model are tried on them. */
  readonly recent: Float32Array
  /** The model in force, which the candidate has to stand beside. */
  readonly current: AutoencoderModel | null
  readonly seed: number
}

export type TrainingOutcome =
  | {
      readonly kind: 'trained'
      readonly model: AutoencoderModel
      readonly backend: string
      /** Mean squared error on rows that the weights were not fitted to, in standard deviations. */
      readonly loss: number
      readonly epochs: number
      /** Rows that trained it, and rows that most time slices found foreign and voted out. */
      readonly trainedOn: number
      readonly votedOut: number
      readonly trials: { readonly candidate: Trial; readonly current: Trial | null }
    }
  /** Nothing here can train. One sentence; no fault. */
  | { readonly kind: 'off'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string }

/** Trains off the request path. Never rejects. */
export type Trainer = {
  readonly train: (job: TrainingJob) => Promise<TrainingOutcome>
  /** Ends a training that runs; its outcome is `failed`. */
  readonly close: () => Promise<void>
}
