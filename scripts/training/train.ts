import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nextSpecial } from '../../src/antigen/scorer-fold.ts'
import type { ScorerModel } from '../../src/antigen/scorer-model.ts'
import { hashText } from '../../src/core/hash.ts'
import type { Random } from '../../src/core/random.ts'
import { makeAttacks } from './attack-material.ts'
import { harmless, makeBenign, readDocuments } from './benign-material.ts'
import { type Calibration, calibrate, heldOutFigures } from './calibrate.ts'
import type { Example } from './example.ts'
import { createReader, type Reader, worstStretch } from './features.ts'
import { type Fitted, fitWeights, type Sample } from './fit.ts'
import { loadTokens } from './load-grammar.ts'
import { canonical, embed } from './mutate.ts'
import { readPayloads } from './payload-material.ts'

export type TrainOptions = {
  readonly payloads: string
  /** Folder of the pinned packages whose documents are read. */
  readonly packages: string
  /** Folder of the model; `null` writes nothing. */
  readonly output: string | null
  readonly seed: number
  readonly epochs: number
  readonly bits: number
  readonly random: Random
  readonly log: (line: string) => void
}

const tokens = loadTokens()
const drift = -0.2
/** Log-odds by which harmless values outnumber attacks; chosen on development data, see the model's card. */
const prior = 8.5
/** Of the groups of variants this share is held out. */
const heldOutShare = 0.2
const embeddedShare = 0.6
/** Longer values are read up to here while training. */
const maxLength = 4_000

export async function trainScorer(options: TrainOptions): Promise<ScorerModel> {
  const { log, bits } = options
  const examples = gather(options)
  const reader = createReader(bits, tokens)
  const samples = samplesOf(examples, reader)
  const isHeldOut = examples.map(({ group }) => hashText(group, options.seed) % 1_000 < heldOutShare * 1_000)
  log(
    `${examples.filter(({ isAttack }) => isAttack).length} attacks and ${examples.filter(({ isAttack }) => !isAttack).length} harmless values`,
  )
  const part = await fitSamples(
    samples.filter((_, index) => isHeldOut[index] === false),
    options,
  )
  const measured = samples.flatMap((sample, index) => {
    if (isHeldOut[index] !== true) return []
    const { kind } = examples[index] as Example
    return [{ ...sample, kind, sum: worstStretch(sample.features, part.weights, drift).sum }]
  })
  const calibration = calibrate(measured)
  const figures = heldOutFigures(measured, calibration)
  log(JSON.stringify({ calibration, ...figures }, null, 1))
  const whole = await fitSamples(samples, options)
  const model = quantise(whole, { bits, calibration })
  if (options.output !== null) writeModel(model, options.output)
  return model
}

function gather({ payloads, packages, random, log }: TrainOptions): Example[] {
  const licensed = withEmbedded(readPayloads(payloads), random)
  const documents = readDocuments(packages)
  if (documents.missing.length > 0) log(`missing documents, the model will differ: ${documents.missing.join(', ')}`)
  const all = [...licensed, ...makeAttacks(random), ...makeBenign(random), ...documents.examples]
  // The scorer does not read plain values, so that it cannot learn from them.
  return all
    .map((example) => ({ ...example, text: example.text.slice(0, maxLength) }))
    .filter(({ text }) => nextSpecial(text, 0) < text.length)
}

/** Payload lists hold payloads alone: a third of the attacks also come within harmless text. */
function withEmbedded(licensed: readonly Example[], random: Random): readonly Example[] {
  const around = harmless(random)
  return licensed.flatMap((example) =>
    example.isAttack && random() < embeddedShare
      ? [example, { ...example, text: canonical(embed(example.text, around, random)) }]
      : [example],
  )
}

/** Within each class a kind weighs by the square root of how many examples it has; both classes weigh the same. */
function samplesOf(examples: readonly Example[], reader: Reader): Sample[] {
  const counts = new Map<string, number>()
  for (const { kind } of examples) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const raw = examples.map(({ kind }) => trustIn(kind) / Math.sqrt(counts.get(kind) ?? 1))
  const totals = { attack: 0, benign: 0 }
  for (const [index, { isAttack }] of examples.entries()) totals[isAttack ? 'attack' : 'benign'] += raw[index] ?? 0
  return examples.map(({ text, isAttack }, index) => ({
    features: reader.read(text),
    isAttack,
    weight: ((raw[index] ?? 0) * examples.length) / (2 * (isAttack ? totals.attack : totals.benign)),
  }))
}

/** Requests of a test suite hold many values, of which most are harmless. */
const trustIn = (kind: string): number => (kind.startsWith('crs-tests') ? 0.3 : 1)

const fitSamples = (samples: readonly Sample[], { bits, epochs, random, log }: TrainOptions): Promise<Fitted> =>
  fitWeights({
    samples,
    size: 2 ** bits + tokens.length,
    firstToken: 2 ** bits,
    drift,
    epochs,
    batch: 512,
    learningRate: 0.1,
    l2: 2e-6,
    random,
    log,
  })

/** Whole numbers from -127 to 127 for n-grams; tokens share the scale and may be larger. */
function quantise(
  { weights }: Fitted,
  rest: { readonly bits: number; readonly calibration: Calibration },
): ScorerModel {
  const size = 2 ** rest.bits
  const grams = weights.subarray(0, size)
  const scale = grams.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / 127
  const rounded = (weight: number): number => Math.round(weight / scale)
  return {
    bits: rest.bits,
    weights: Int8Array.from(grams, rounded),
    scale,
    drift: Math.min(-1, rounded(drift)),
    tokens: tokens
      .map((text, index) => ({ text, weight: rounded(weights[size + index] ?? 0) }))
      .filter(({ weight }) => weight > 0),
    calibration: { ...rest.calibration, prior },
  }
}

function writeModel({ weights, ...rest }: ScorerModel, folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'weights.bin'), weights)
  writeFileSync(join(folder, 'model.json'), `${JSON.stringify({ version: 1, ...rest })}\n`)
}
