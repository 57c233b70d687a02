import { z } from 'zod'
import type { Hold } from '../../quarantine/quarantine.ts'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { Problem } from '../problem.ts'
import { conductView, exemptionView, holdView } from '../schemas.ts'

const dayMs = 86_400_000
const clientPath = z.object({ clientId: z.string().min(1).max(256) })
const reason = z.string().trim().max(500)
const page = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) })

const releaseBody = z.strictObject({ reason: reason.default('released in the dashboard') }).meta({ id: 'Release' })
const extendBody = z
  .strictObject({
    byMs: z
      .int()
      .min(60_000)
      .max(7 * dayMs),
  })
  .meta({ id: 'Extend' })
const exemptBody = z
  .strictObject({
    ttlMs: z
      .int()
      .min(60_000)
      .max(365 * dayMs)
      .nullable()
      .meta({ description: 'How long; null until withdrawn.' }),
    reason: reason.default('exempted in the dashboard'),
  })
  .meta({ id: 'Exempt' })

const heldClient = z.object({ hold: holdView, conduct: conductView.nullable() })

/** Whether something is withheld from the client; from the watched nothing is. */
export function isHeld({ rung }: Hold): boolean {
  return rung !== 'free' && rung !== 'watched'
}

function noHold(clientId: string): Problem {
  return new Problem(404, 'no-such-thing', { detail: `The client ${clientId} is not held.` })
}

function listEndpoints({ deps }: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'listHeldClients',
      method: 'get',
      path: '/clients/held',
      tag: 'clients',
      summary: 'Clients that are held or watched now, with what they did, and clients that are exempt.',
      reply: z.object({
        held: z.array(heldClient),
        watched: z.array(heldClient),
        exemptions: z.array(exemptionView),
      }),
      handle: () => {
        const all = deps.quarantine
          .holds()
          .map((hold) => ({ hold, conduct: deps.behaviour.conduct(hold.clientId) ?? null }))
        return {
          held: all.filter(({ hold }) => isHeld(hold)),
          watched: all.filter(({ hold }) => hold.rung === 'watched'),
          exemptions: deps.quarantine.exemptions(),
        }
      },
    }),
    endpoint({
      id: 'listClients',
      method: 'get',
      path: '/clients',
      tag: 'clients',
      summary: 'Clients of the current window with what they did.',
      query: page,
      reply: z.object({ clients: z.array(z.object({ conduct: conductView, hold: holdView.nullable() })) }),
      handle: ({ query }) => ({
        clients: deps.behaviour
          .list(query.limit)
          .map((conduct) => ({ conduct, hold: deps.quarantine.lookup(conduct.clientId) ?? null })),
      }),
    }),
  ]
}

function exemptionEndpoints({ deps, audit }: AdminContext): readonly Endpoint[] {
  return [
    endpoint({
      id: 'exemptClient',
      method: 'post',
      path: '/clients/{clientId}/exempt',
      tag: 'clients',
      summary: 'Never hold a client, for a time or until withdrawn.',
      params: clientPath,
      body: exemptBody,
      reply: z.object({ exemption: exemptionView }),
      handle: ({ params, body, actor }) => {
        const untilMs = body.ttlMs === null ? null : deps.clock.now() + body.ttlMs
        const exemption = deps.quarantine.exempt(params.clientId, { by: actor, reason: body.reason, untilMs })
        audit(actor, 'exempt-client', params.clientId)
        return { exemption }
      },
    }),
    endpoint({
      id: 'endExemption',
      method: 'delete',
      path: '/clients/{clientId}/exempt',
      tag: 'clients',
      summary: 'End an exemption: the client is treated like any other again.',
      params: clientPath,
      reply: z.object({ ended: z.literal(true) }),
      problems: [404],
      handle: ({ params, actor }) => {
        // Writes its own audit event.
        if (!deps.quarantine.unexempt(params.clientId, actor)) {
          throw new Problem(404, 'no-such-thing', { detail: `The client ${params.clientId} is not exempt.` })
        }
        return { ended: true as const }
      },
    }),
  ]
}

export function clientEndpoints(context: AdminContext): readonly Endpoint[] {
  const { deps, audit } = context
  return [
    ...listEndpoints(context),
    endpoint({
      id: 'releaseClient',
      method: 'post',
      path: '/clients/{clientId}/release',
      tag: 'clients',
      summary: 'Release a held client at once, on every gateway.',
      params: clientPath,
      body: releaseBody,
      reply: z.object({ released: z.literal(true) }),
      problems: [404],
      handle: ({ params, body, actor }) => {
        if (!deps.quarantine.release(params.clientId, actor, body.reason)) throw noHold(params.clientId)
        audit(actor, 'release-client', params.clientId)
        return { released: true as const }
      },
    }),
    endpoint({
      id: 'extendHold',
      method: 'post',
      path: '/clients/{clientId}/extend',
      tag: 'clients',
      summary: 'Hold a held client for longer, up to quarantine.maxTtlMs from now.',
      params: clientPath,
      body: extendBody,
      reply: z.object({ hold: holdView }),
      problems: [404],
      handle: ({ params, body, actor }) => {
        const hold = deps.quarantine.extend(params.clientId, body.byMs, actor)
        if (hold === undefined) throw noHold(params.clientId)
        audit(actor, 'extend-hold', params.clientId)
        return { hold }
      },
    }),
    ...exemptionEndpoints(context),
  ]
}
