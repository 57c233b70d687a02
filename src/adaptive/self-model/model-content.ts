import { z } from 'zod'
import type { AutoencoderModel } from './autoencoder.ts'
import { featureCount, featureVersion } from './feature-schema.ts'

const finite = z
  .custom<Float32Array>((value) => value instanceof Float32Array, 'expected packed numbers')
  .refine((numbers) => numbers.every(Number.isFinite), 'expected finite numbers')
const positive = finite.refine((numbers) => numbers.every((number) => number > 0), 'expected numbers above 0')
const ascending = finite.refine(
  (numbers) => numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] as number)),
  'expected numbers that do not fall',
)
const wide = (numbers: Float32Array) => numbers.length === featureCount

const layerSchema = z
  .strictObject({
    inputs: z.int().min(1).max(4_096),
    outputs: z.int().min(1).max(4_096),
    weights: finite,
    bias: finite,
  })
  .refine(({ inputs, outputs, weights, bias }) => weights.length === inputs * outputs && bias.length === outputs)

const tailSchema = z
  .strictObject({
    residuals: ascending,
    surprises: ascending,
    scale: z.number().positive(),
    shape: z.number().positive(),
  })
  .refine(({ residuals, surprises }) => residuals.length > 0 && residuals.length === surprises.length)

/** A model as it comes from the disk or from the training thread: of this version, whole, and consistent. */
export const modelSchema: z.ZodType<AutoencoderModel> = z
  .strictObject({
    features: z.literal(featureVersion),
    mean: finite.refine(wide),
    sd: positive.refine(wide),
    layers: z.array(layerSchema).min(1).max(16),
    noise: positive.refine(wide),
    tail: tailSchema,
  })
  .refine(({ layers }) => {
    const widths = [featureCount, ...layers.map(({ outputs }) => outputs)]
    return widths.at(-1) === featureCount && layers.every(({ inputs }, index) => inputs === widths[index])
  }, 'expected layers that fit each other')

export const trialSchema = z.strictObject({
  p999: z.number(),
  p99: z.number(),
  p99Residual: z.number(),
  recall: z.number().min(0).max(1),
})
