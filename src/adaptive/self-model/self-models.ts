import type { ModelVersion, Rollback } from './model-registry.ts'

/** What the model of a route, or else that of its service, says of a request. Reused: whoever keeps it copies it. */
export type Judgement = {
  /** In nats: 7 is as odd as one benign request in a thousand. */
  readonly surprise: number
  /** The feature that could not be rebuilt, by its name and in words. */
  readonly feature: string
  readonly label: string
  readonly expected: number
  readonly seen: number
  readonly modelId: string
}

/** Whether models are trained here, and if not, why. */
export type TrainingState = { readonly isOn: boolean; readonly detail: string }

/** Models of whole requests: for what no single field shows. */
export type SelfModels = {
  /**
   * Takes a request into the samples, copying its features. For admitted requests only. `source` is a hash of who sent
   * it; `null` for one whose word is enough. Route keys (`routeKeyOf`) hold blanks, services do not.
   */
  readonly observe: (routeKey: string, service: string, source: number | null, features: Float32Array) => void
  /** `null` while neither the route nor the service has a model. */
  readonly judge: (routeKey: string, service: string, features: Float32Array) => Judgement | null
  readonly isDue: () => boolean
  /** Trains every group that is due, one after the other, off this thread. Never rejects. */
  readonly train: () => Promise<void>
  /** Newest first. */
  readonly list: () => readonly ModelVersion[]
  readonly rollback: (id: string, by: string) => Rollback
  readonly training: () => TrainingState
  /** Grows with every change of the models. */
  readonly changes: () => number
  /** Models with their history, and unless they are left out the samples: megabytes, for a moment without requests. */
  readonly save: (options?: { readonly withoutSamples: boolean }) => Uint8Array
  /** Throws THY_SNAPSHOT and leaves everything as it was when the bytes are damaged or of another version. */
  readonly restore: (bytes: Uint8Array) => void
  /** Ends a training that runs. */
  readonly close: () => Promise<void>
}

/** One sentence for a person: the feature that could not be rebuilt. */
export function explainJudgement({ label, expected, seen, surprise }: Judgement): string {
  const share = surprise < 1 ? 'many' : `one in ${roundedRatio(surprise)}`
  return `together the values are unlike what is usual here (${share} ordinary requests is as odd): ${label} is ${short(seen)}, ${short(expected)} was expected`
}

const short = (value: number): string => String(Number(value.toPrecision(3)))

/** 1,096.6 as 1000: a tail that was fitted knows one figure. */
function roundedRatio(surprise: number): string {
  return Number(Math.exp(Math.min(surprise, 30)).toPrecision(1)).toLocaleString('en-US', { maximumFractionDigits: 0 })
}
