import { z } from 'zod'
import { selfModelSettings } from './self-model-settings.ts'

const ms = z.int().min(1)
const unit = z.number().min(0).max(1)

/** Settings of the adaptive layer. */
export const adaptiveSettings = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether self is learned and requests are compared with it.'),
    onFault: z.enum(['allow', 'deny']).default('allow').describe('What happens to a request when this layer fails.'),
    minSamples: z.int().min(1).default(300).describe('Values a field must have shown before its profile may act.'),
    minSources: z
      .int()
      .min(1)
      .default(4)
      .describe('Distinct sources that must have shown a thing before it becomes self.'),
    minSlices: z
      .int()
      .min(1)
      .default(3)
      .describe('Distinct time slices in which a thing must have been shown before it becomes self.'),
    sliceMs: ms.default(1_200_000).describe('Length of a time slice, in milliseconds.'),
    maxShare: unit
      .default(0.02)
      .describe('Largest share of the learned values of a field that one source may give once the field has many.'),
    trustedSources: z
      .array(z.string())
      .default([])
      .describe('Addresses or CIDR blocks whose word counts as enough sources.'),
    denyScore: unit
      .default(0.97)
      .describe('Score of a single adaptive finding from which a request is refused in enforce mode.'),
    expiryMs: ms
      .default(30 * 86_400_000)
      .describe('How long a thing stays self after a busy field last showed it, in milliseconds; at most twice that.'),
    deployWindowMs: z
      .int()
      .min(60_000)
      .max(86_400_000)
      .default(1_800_000)
      .describe('How long new routes and parameters are expected after a deploy was marked, in milliseconds.'),
    maxProfiles: z.int().min(1).default(20_000).describe('Largest number of field profiles.'),
    maxWork: z
      .int()
      .min(1_000)
      .default(1_500_000)
      .describe(
        'Characters of new values that are compared with self per request, each value counting 32 more; what is beyond is left to the other layers and counted as shed.',
      ),
    selfModel: selfModelSettings.describe('The model of whole requests.'),
    snapshotEveryMs: ms.default(30_000).describe('How often learned state is saved, in milliseconds.'),
    seed: z.int().default(1).describe('Seed of everything random in learning.'),
  })
  .prefault({})
