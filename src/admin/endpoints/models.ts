import { z } from 'zod'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Problem } from '../problem.ts'
import { modelView, trainingView } from '../schemas.ts'

export function modelEndpoints({ deps, audit }: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'listModels',
      method: 'get',
      path: '/models',
      tag: 'learning',
      summary: 'Self models of routes and services, newest first, and whether models are trained here.',
      reply: z.object({ models: z.array(modelView), training: trainingView }),
      handle: () => ({ models: deps.models.list(), training: deps.models.training() }),
    }),
    endpoint({
      id: 'rollbackModel',
      method: 'post',
      path: '/models/{modelId}/rollback',
      tag: 'learning',
      summary: 'Go back to an earlier model; its group is not trained again for a day.',
      params: z.object({ modelId: z.string().min(1).max(32) }),
      reply: z.object({ model: modelView }),
      problems: [404],
      handle: ({ params, actor }) => {
        const { modelId } = params
        const result = deps.models.rollback(modelId, actor)
        const model = deps.models.list().find(({ id }) => id === modelId)
        if (result === 'unknown' || result === 'refused-model' || model === undefined) {
          const why = result === 'refused-model' ? `The model ${modelId} was refused` : `There is no model ${modelId}`
          throw new Problem(404, 'no-such-thing', { detail: `${why}: nothing to go back to.` })
        }
        if (result === 'done') audit(actor, 'rollback-model', modelId)
        return { model }
      },
    }),
  ]
}
