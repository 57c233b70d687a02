import { z } from 'zod'
import { deployWindowRange } from '../../adaptive/deploys.ts'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { deployView } from '../schemas.ts'

const createBody = z
  .strictObject({
    service: z
      .string()
      .min(1)
      .max(255)
      .default('*')
      .meta({ description: 'Service that was deployed; any unless given.' }),
    route: z.string().startsWith('/').max(512).default('/**').meta({
      description: 'Route template that changed; `*` stands for one segment, `**` for any number. All unless given.',
    }),
    reason: z.string().trim().min(1).max(500),
    windowMs: z.int().min(deployWindowRange.min).max(deployWindowRange.max).optional().meta({
      description: 'How long new things are expected, in milliseconds; `adaptive.deployWindowMs` unless given.',
    }),
  })
  .meta({ id: 'MarkDeploy' })

export function deployEndpoints({ deps, audit }: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'listDeploys',
      method: 'get',
      path: '/deploys',
      tag: 'deploys',
      summary: 'Deploys that were marked in the last seven days, newest first.',
      reply: z.object({ deploys: z.array(deployView) }),
      handle: () => ({ deploys: deps.deploys.list() }),
    }),
    endpoint({
      id: 'markDeploy',
      method: 'post',
      path: '/deploys',
      tag: 'deploys',
      summary: 'Mark a deploy: new routes and parameters are expected for a while.',
      body: createBody,
      reply: z.object({ deploy: deployView }),
      status: 201,
      handle: ({ body, actor }) => {
        const { service, route, reason, windowMs } = body
        const deploy = deps.deploys.mark({ service, route }, { by: actor, reason, windowMs })
        audit(actor, 'mark-deploy', deploy.id)
        return { deploy }
      },
    }),
  ]
}
