import { z } from 'zod'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Problem } from '../problem.ts'
import { detectorView } from '../schemas.ts'

const page = z.strictObject({ limit: z.coerce.number().int().min(1).max(5_000).default(500) })

export function detectorEndpoints({ deps, audit }: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'listDetectors',
      method: 'get',
      path: '/detectors',
      tag: 'learning',
      summary: 'Detectors that matched: where each comes from, what it was screened against, what it did.',
      query: page,
      reply: z.object({ detectors: z.array(detectorView) }),
      handle: ({ query }) => ({ detectors: deps.adaptive.detectors(query.limit) }),
    }),
    endpoint({
      id: 'retireDetector',
      method: 'post',
      path: '/detectors/{detectorId}/retire',
      tag: 'learning',
      summary: 'Call a detector wrong: what it matches is normal in its field from now on, at this node.',
      params: z.object({ detectorId: z.string().min(1).max(64) }),
      reply: z.object({ detector: detectorView }),
      problems: [404],
      handle: ({ params, actor }) => {
        const { detectorId } = params
        const detector = deps.adaptive.retireDetector(detectorId)
        if (detector === undefined) {
          throw new Problem(404, 'no-such-thing', { detail: `There is no detector ${detectorId}.` })
        }
        audit(actor, 'retire-detector', detectorId)
        return { detector }
      },
    }),
  ]
}
