import { standardise } from '../self-model/autoencoder.ts'

/** A model as small as can be, of one slice of time: mean and deviation of each feature. */
type MicroModel = { readonly mean: Float32Array; readonly sd: Float32Array; readonly limit: number }

const maxSlices = 20
const minSliceRows = 25
/** A row beyond so many times what a slice is used to is foreign to it. */
const tolerance = 2
const usual = 0.98

/**
 * Rows that most slices of time find ordinary. What came in one burst is ordinary only to its own slice and is voted
 * out (micro-models: Cretu et al. 2008); what is rare and always there stays.
 */
export function voteRows(
  rows: Float32Array,
  width: number,
): { readonly kept: Float32Array; readonly votedOut: number } {
  const count = rows.length / width
  const slices = Math.min(maxSlices, Math.floor(count / minSliceRows))
  if (slices < 3) return { kept: rows, votedOut: 0 }
  const overall = spreadOf(rows, width)
  const edge = (slice: number) => Math.floor((slice * count) / slices) * width
  const models = Array.from({ length: slices }, (_, slice) =>
    microModel(rows.subarray(edge(slice), edge(slice + 1)), width, overall),
  )
  const scratch = new Float32Array(width)
  const kept = new Float32Array(rows.length)
  let length = 0
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width)
    const against = models.reduce((votes, model) => votes + (energy(row, model, scratch) > model.limit ? 1 : 0), 0)
    if (against * 2 > slices) continue
    kept.set(row, length)
    length += width
  }
  return { kept: kept.slice(0, length), votedOut: (rows.length - length) / width }
}

/** Mean and deviation of each feature. */
export function spreadOf(
  rows: Float32Array,
  width: number,
): { readonly mean: Float32Array; readonly sd: Float32Array } {
  const count = Math.max(1, rows.length / width)
  const mean = new Float64Array(width)
  const square = new Float64Array(width)
  for (let at = 0; at < rows.length; at += 1)
    mean[at % width] = (mean[at % width] as number) + (rows[at] as number) / count
  for (let at = 0; at < rows.length; at += 1) {
    const deviation = (rows[at] as number) - (mean[at % width] as number)
    square[at % width] = (square[at % width] as number) + deviation ** 2 / count
  }
  return { mean: Float32Array.from(mean), sd: Float32Array.from(square, Math.sqrt) }
}

function microModel(rows: Float32Array, width: number, overall: { readonly sd: Float32Array }): MicroModel {
  const { mean, sd } = spreadOf(rows, width)
  // A slice that showed no spread of a feature takes half of that of all: it must not find every other value foreign.
  const floored = sd.map((own, place) => Math.max(own, (overall.sd[place] as number) / 2, 1e-3))
  const scratch = new Float32Array(width)
  const energies = Array.from({ length: rows.length / width }, (_, row) =>
    energy(rows.subarray(row * width, (row + 1) * width), { mean, sd: floored }, scratch),
  ).sort((left, right) => left - right)
  const edge = energies[Math.floor(energies.length * usual)] ?? energies.at(-1) ?? 0
  return { mean, sd: floored, limit: Math.max(1, edge * tolerance) }
}

function energy(row: Float32Array, model: Pick<MicroModel, 'mean' | 'sd'>, scratch: Float32Array): number {
  standardise(row, model, scratch)
  let sum = 0
  for (let place = 0; place < scratch.length; place += 1) sum += (scratch[place] as number) ** 2
  return sum / scratch.length
}
