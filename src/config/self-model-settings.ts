import { z } from 'zod'

/** Settings of the self model of the adaptive layer. */
export const selfModelSettings = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Whether an autoencoder is trained for what no single field shows; needs TensorFlow.js.'),
    minSamples: z
      .int()
      .min(500)
      .default(1_000)
      .describe('Requests that a route or service must have shown before it gets a model of its own.'),
    maxSamples: z
      .int()
      .min(1_000)
      .max(20_000)
      .default(2_000)
      .describe('Requests of a route or service that are kept, as features, to train from; at least minSamples.'),
    maxModels: z
      .int()
      .min(1)
      .max(1_000)
      .default(32)
      .describe('Routes that may have a model of their own; the others share that of their service.'),
    trainEveryMs: z
      .int()
      .min(1)
      .default(3_600_000)
      .describe('Shortest time between two trainings of one model, in milliseconds.'),
  })
  .refine(({ minSamples, maxSamples }) => maxSamples >= minSamples, {
    path: ['maxSamples'],
    message: 'expected at least minSamples',
  })
  .prefault({})
