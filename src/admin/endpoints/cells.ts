import { z } from 'zod'
import { cellSummary } from '../../memory/cell-summary.ts'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Problem } from '../problem.ts'
import { cellView } from '../schemas.ts'

export function cellEndpoints({ deps, audit }: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'listCells',
      method: 'get',
      path: '/cells',
      tag: 'memory',
      summary: 'Memory cells: attacks that are recognised at the first request.',
      reply: z.object({ cells: z.array(cellView) }),
      handle: () => ({ cells: deps.memory.cells().map((cell) => cellSummary(cell, deps.clock.now())) }),
    }),
    endpoint({
      id: 'forgetCell',
      method: 'delete',
      path: '/cells/{cellId}',
      tag: 'memory',
      summary: 'Forget a memory cell for good, on every gateway.',
      params: z.object({ cellId: z.string().min(1).max(128) }),
      reply: z.object({ forgotten: z.literal(true) }),
      problems: [404],
      handle: ({ params, actor }) => {
        if (!deps.memory.forget(params.cellId, actor)) {
          throw new Problem(404, 'no-such-thing', { detail: `There is no memory cell ${params.cellId}.` })
        }
        audit(actor, 'forget-cell', params.cellId)
        return { forgotten: true as const }
      },
    }),
  ]
}
