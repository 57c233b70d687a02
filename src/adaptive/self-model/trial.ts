import { type AutoencoderModel, createAutoencoder } from './autoencoder.ts'
import { featureCount } from './feature-schema.ts'
import { infect, vaccines } from './vaccination.ts'

/** How a model did on benign traffic of late and on the fixed attack set. */
export type Trial = {
  /** Surprise that one benign request in a thousand exceeds, and one in a hundred, in nats. */
  readonly p999: number
  readonly p99: number
  /** 99th percentile of the residual, in usual errors. */
  readonly p99Residual: number
  /** Share of the fixed attack set that is recognised. */
  readonly recall: number
}

/** A surprise from which an attack counts as recognised: one benign request in a thousand. */
export const recognisedFrom: number = Math.log(1_000)
const maxHosts = 64
/** A candidate may be surprised by benign traffic so many times as much as the model in force. */
const maxShift = 2
const maxLoss = 0.01
/** What the first model of a group is held against: calibrated, and not blind. */
const firstRival: Pick<Trial, 'p999' | 'recall'> = { p999: recognisedFrom, recall: 0.5 }

export function tryModel(model: AutoencoderModel, recent: Float32Array): Trial {
  const network = createAutoencoder(model)
  const count = recent.length / featureCount
  const row = (index: number) => recent.subarray(index * featureCount, (index + 1) * featureCount)
  const surprises = new Float32Array(count)
  const residuals = new Float32Array(count)
  for (let index = 0; index < count; index += 1) {
    surprises[index] = network.judge(row(index)).surprise
    residuals[index] = network.residual(row(index))
  }
  surprises.sort()
  residuals.sort()
  const attack = new Float32Array(featureCount)
  const hosts = Math.min(count, maxHosts)
  let recognised = 0
  for (let host = 0; host < hosts; host += 1) {
    const benign = row(Math.floor((host * count) / hosts))
    for (const vaccine of vaccines) {
      infect(benign, vaccine, attack)
      if (network.judge(attack).surprise >= recognisedFrom) recognised += 1
    }
  }
  return {
    p999: quantile(surprises, 0.999),
    p99: quantile(surprises, 0.99),
    p99Residual: quantile(residuals, 0.99),
    recall: hosts === 0 ? 0 : recognised / (hosts * vaccines.length),
  }
}

/** Why a candidate may not take the place of the model in force; `null` when it may. */
export function objectionTo(candidate: Trial, current: Trial | null): string | null {
  const rival = current ?? firstRival
  // Below its own calibration a model cannot be asked to stay.
  const allowed = maxShift * Math.max(rival.p999, recognisedFrom)
  if (!(candidate.p999 <= allowed)) {
    return `benign traffic of late surprises it by ${candidate.p999.toFixed(1)} nats at the 99.9th percentile, ${allowed.toFixed(1)} are allowed`
  }
  const needed = current === null ? rival.recall : rival.recall - maxLoss
  if (!(candidate.recall >= needed)) {
    return `it recognises ${percent(candidate.recall)} of the fixed attack set, ${percent(needed)} are needed`
  }
  return null
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Upper order statistic: of few numbers the largest. */
function quantile(sorted: Float32Array, share: number): number {
  return sorted.length === 0 ? 0 : (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number)
}
