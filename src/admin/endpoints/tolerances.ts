import { z } from 'zod'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Problem } from '../problem.ts'
import { withdrawTolerance } from '../review.ts'
import { scopeView, toleranceView } from '../schemas.ts'

const dayMs = 86_400_000
export const defaultToleranceMs = 30 * dayMs
export const toleranceTtl = z
  .int()
  .min(60_000)
  .max(365 * dayMs)
  .default(defaultToleranceMs)
  .meta({ description: 'How long, in milliseconds; 30 days unless given.' })

const createBody = z
  .strictObject({
    scope: z.strictObject(scopeView.shape),
    reason: z.string().trim().min(1).max(500),
    ttlMs: toleranceTtl,
  })
  .meta({ id: 'CreateTolerance' })

export function toleranceEndpoints({ deps, audit }: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'listTolerances',
      method: 'get',
      path: '/tolerances',
      tag: 'tolerances',
      summary: 'Findings that people called normal, each within its scope and with an end.',
      reply: z.object({ tolerances: z.array(toleranceView) }),
      handle: () => ({ tolerances: deps.tolerances.list() }),
    }),
    endpoint({
      id: 'createTolerance',
      method: 'post',
      path: '/tolerances',
      tag: 'tolerances',
      summary: 'Tolerate findings on a route, a field or from a source.',
      body: createBody,
      reply: z.object({ tolerance: toleranceView }),
      status: 201,
      handle: ({ body, actor }) => {
        const untilMs = deps.clock.now() + body.ttlMs
        const tolerance = deps.tolerances.tolerate(body.scope, { by: actor, reason: body.reason, untilMs })
        audit(actor, 'create-tolerance', tolerance.id)
        return { tolerance }
      },
    }),
    endpoint({
      id: 'withdrawTolerance',
      method: 'delete',
      path: '/tolerances/{toleranceId}',
      tag: 'tolerances',
      summary: 'Withdraw a tolerance: what it covered acts again.',
      params: z.object({ toleranceId: z.string().min(1).max(512) }),
      reply: z.object({ withdrawn: z.literal(true) }),
      problems: [404],
      handle: ({ params, actor }) => {
        if (!withdrawTolerance(deps, params.toleranceId)) {
          throw new Problem(404, 'no-such-thing', { detail: `There is no tolerance ${params.toleranceId}.` })
        }
        audit(actor, 'withdraw-tolerance', params.toleranceId)
        return { withdrawn: true as const }
      },
    }),
  ]
}
