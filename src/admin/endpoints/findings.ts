import { z } from 'zod'
import type { ReviewCase } from '../../telemetry/cases.ts'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Problem } from '../problem.ts'
import { type Consequence, judge } from '../review.ts'
import { caseView, reviewSchema, toleranceView } from '../schemas.ts'
import { toleranceTtl } from './tolerances.ts'

const maxSearched = 100_000
const referencePath = z.object({ referenceId: z.string().min(1).max(128) })

const listQuery = z.strictObject({
  review: reviewSchema.optional(),
  clientId: z.string().min(1).max(256).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta({ description: 'Reference id of the last case of the page before.' }),
})

const reviewBody = z
  .discriminatedUnion('review', [
    z.strictObject({ review: z.literal('open') }),
    z.strictObject({ review: z.literal('malicious') }),
    z.strictObject({
      review: z.literal('benign'),
      tolerate: z
        .strictObject({
          findings: z.array(z.string().min(1).max(160)).max(100).nullable().default(null),
          ttlMs: toleranceTtl,
        })
        .nullable()
        .default(null)
        .meta({
          description: 'Also tolerate these findings (`layer:source`, all when null); null only closes the case.',
        }),
    }),
  ])
  .meta({ id: 'ReviewInput' })

const consequenceView = z
  .object({
    case: caseView,
    cellId: z.string().nullable(),
    tolerances: z.array(toleranceView),
    forgottenCells: z.array(z.string()),
    withdrawnTolerances: z.array(z.string()),
  })
  .meta({ id: 'Consequence' })

/** A page of cases, newest first. A cursor whose case has left the log starts over. */
function pageOf(context: AdminContext, query: z.output<typeof listQuery>) {
  const { cases } = context.deps
  const limit = Math.min(maxSearched, Math.max(1, cases.size()))
  const listed = cases.list(query.review === undefined ? { limit } : { limit, review: query.review })
  const matching = query.clientId === undefined ? listed : listed.filter((one) => one.clientId === query.clientId)
  const start = query.after === undefined ? 0 : matching.findIndex((one) => one.referenceId === query.after) + 1
  const page = matching.slice(start, start + query.limit)
  const isMore = start + page.length < matching.length
  return { cases: page, total: matching.length, next: isMore ? (page.at(-1)?.referenceId ?? null) : null }
}

function caseOf({ deps }: AdminContext, referenceId: string): ReviewCase {
  const found = deps.cases.get(referenceId)
  if (found !== undefined) return found
  const detail = `No case carries the reference id ${referenceId}; it may have left the list.`
  throw new Problem(404, 'no-such-thing', { detail })
}

function viewOf({ entry, ...rest }: Consequence) {
  return { case: entry, ...rest }
}

export function findingEndpoints(context: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'listFindings',
      method: 'get',
      path: '/findings',
      tag: 'findings',
      summary: 'Cases with findings, newest first.',
      query: listQuery,
      reply: z.object({ cases: z.array(caseView), total: z.int(), next: z.string().nullable() }),
      handle: ({ query }) => pageOf(context, query),
    }),
    endpoint({
      id: 'getFinding',
      method: 'get',
      path: '/findings/{referenceId}',
      tag: 'findings',
      summary: 'One case by the reference id that the client was given.',
      params: referencePath,
      reply: z.object({ case: caseView }),
      problems: [404],
      handle: ({ params }) => ({ case: caseOf(context, params.referenceId) }),
    }),
    endpoint({
      id: 'reviewFinding',
      method: 'post',
      path: '/findings/{referenceId}/review',
      tag: 'findings',
      summary: 'Call a case normal (and tolerate its findings), an attack (and remember it), or open again.',
      params: referencePath,
      body: reviewBody,
      reply: consequenceView,
      problems: [404],
      handle: ({ params, body, actor }) => {
        const consequence = judge(context, caseOf(context, params.referenceId), { by: actor, judgement: body })
        context.audit(actor, `review-${body.review}`, params.referenceId)
        return viewOf(consequence)
      },
    }),
  ]
}
