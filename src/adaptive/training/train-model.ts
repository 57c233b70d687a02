import { createRandom, shuffled } from '../../core/random.ts'
import { type AutoencoderModel, createAutoencoder, maxDeviation, standardise } from '../self-model/autoencoder.ts'
import { featureCount, featureVersion } from '../self-model/feature-schema.ts'
import { fitTail } from '../self-model/tail.ts'
import type { TrainingJob, TrainingOutcome } from '../self-model/trainer.ts'
import { tryModel } from '../self-model/trial.ts'
import type { Backend } from './backend.ts'
import { trainDenoiser } from './denoise.ts'
import { spreadOf, voteRows } from './micro-vote.ts'

/** Share of the rows, the newest of them, that calibrates: nothing else is fitted to them. */
const calibrationShare = 0.2
/** Share of the others that says when to stop. */
const stopShare = 0.1
/** A feature that hardly varies here still may, a little. */
const minSd = 0.05
/** Usual errors are not thought smaller than this, in standard deviations. */
const minNoise = 0.05
export const minRows = 200

/**
 *   rows, oldest first:  [ fit 72 % + stop 8 %, after the vote | calibrate 20 % ]      recent: trial only
 */
export function trainModel(job: TrainingJob, backend: Backend): TrainingOutcome {
  if (backend.kind === 'none') return { kind: 'off', why: backend.why }
  const count = job.rows.length / featureCount
  if (!Number.isInteger(count) || count < minRows) {
    return { kind: 'failed', why: `${count} rows are too few, expected at least ${minRows}` }
  }
  const border = Math.floor(count * (1 - calibrationShare)) * featureCount
  const { kept, votedOut } = voteRows(job.rows.subarray(0, border), featureCount)
  const calibration = voteRows(job.rows, featureCount).kept.slice(-(job.rows.length - border))
  const spread = spreadOf(kept, featureCount)
  const scale = { mean: spread.mean, sd: spread.sd.map((sd) => Math.max(sd, minSd)) }
  const standard = standardiseRows(kept, scale)
  const parts = split(standard, job.seed)
  const { layers, loss, epochs } = trainDenoiser(backend.tensors, { ...parts, width: featureCount }, { seed: job.seed })
  const bare = { features: featureVersion, ...scale, layers, noise: unit(), tail: noTail }
  const noise = usualErrors(bare, parts.held, standard)
  const model: AutoencoderModel = { ...bare, noise, tail: fitTail(residuals({ ...bare, noise }, calibration)) }
  return {
    kind: 'trained',
    model,
    backend: backend.name,
    loss,
    epochs,
    trainedOn: kept.length / featureCount,
    votedOut,
    trials: {
      candidate: tryModel(model, job.recent),
      current: job.current === null ? null : tryModel(job.current, job.recent),
    },
  }
}

const unit = (): Float32Array => new Float32Array(featureCount).fill(1)
const noTail = { residuals: Float32Array.of(0), surprises: Float32Array.of(0), scale: 1, shape: 1 }

function standardiseRows(rows: Float32Array, scale: Pick<AutoencoderModel, 'mean' | 'sd'>): Float32Array {
  const standard = new Float32Array(rows.length)
  for (let at = 0; at < rows.length; at += featureCount) {
    standardise(rows.subarray(at, at + featureCount), scale, standard.subarray(at, at + featureCount))
  }
  return standard
}

/** Rows to fit to and rows that say when to stop, drawn by the seed. */
function split(rows: Float32Array, seed: number): { readonly fit: Float32Array; readonly held: Float32Array } {
  const count = rows.length / featureCount
  const order = shuffled(
    Array.from({ length: count }, (_, row) => row),
    createRandom(seed ^ 0x5eed),
  )
  const heldCount = Math.max(1, Math.round(count * stopShare))
  const take = (picked: readonly number[]): Float32Array => {
    const part = new Float32Array(picked.length * featureCount)
    for (const [position, row] of picked.entries()) {
      part.set(rows.subarray(row * featureCount, (row + 1) * featureCount), position * featureCount)
    }
    return part
  }
  return { fit: take(order.slice(heldCount)), held: take(order.slice(0, heldCount)) }
}

/**
 * Root mean square error of each feature over rows that are already standardised: those held out, and where they are
 * few, all of them.
 */
function usualErrors(bare: AutoencoderModel, held: Float32Array, all: Float32Array): Float32Array {
  const rows = held.length / featureCount >= 50 ? held : all
  const plain = createAutoencoder({
    ...bare,
    mean: new Float32Array(featureCount),
    sd: unit(),
  })
  const squares = new Float64Array(featureCount)
  const count = rows.length / featureCount
  for (let at = 0; at < rows.length; at += featureCount) {
    const { input, output } = plain.rebuild(rows.subarray(at, at + featureCount))
    for (let place = 0; place < featureCount; place += 1) {
      const error = (input[place] as number) - (output[place] as number)
      squares[place] = (squares[place] as number) + error ** 2 / count
    }
  }
  return Float32Array.from(squares, (square) => Math.min(maxDeviation, Math.max(minNoise, Math.sqrt(square))))
}

function residuals(model: AutoencoderModel, rows: Float32Array): Float32Array {
  const network = createAutoencoder(model)
  return Float32Array.from({ length: rows.length / featureCount }, (_, row) =>
    network.residual(rows.subarray(row * featureCount, (row + 1) * featureCount)),
  )
}
