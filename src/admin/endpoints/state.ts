import { z } from 'zod'
import type { AdminContext } from '../context.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { profileView, routeModeView, ruleView, stateView } from '../schemas.ts'
import { isHeld } from './clients.ts'

const topReasons = 8
const page = z.strictObject({ limit: z.coerce.number().int().min(1).max(5_000).default(500) })

function countsOf({ deps }: AdminContext) {
  const holds = deps.quarantine.holds()
  const byRung: Record<string, number> = {}
  for (const hold of holds) byRung[hold.rung] = (byRung[hold.rung] ?? 0) + 1
  const cases = deps.cases.size()
  return {
    openCases: deps.cases.list({ limit: Math.max(1, cases), review: 'open' }).length,
    cases,
    held: holds.filter(isHeld).length,
    watched: holds.filter(({ rung }) => rung === 'watched').length,
    byRung,
    exemptions: deps.quarantine.exemptions().length,
    cells: deps.memory.cells().length,
    tolerances: deps.tolerances.list().length,
    activeClients: deps.behaviour.activeClients(),
  }
}

function stateEndpoint(context: AdminContext): Endpoint {
  const { deps, traffic } = context
  return endpoint({
    id: 'getState',
    method: 'get',
    path: '/state',
    tag: 'state',
    summary: 'Mode, learning, traffic, store and counts, all at once.',
    reply: stateView,
    handle: () => ({
      version: deps.version,
      nodeId: deps.records.nodeId,
      nowMs: deps.clock.now(),
      startedAtMs: context.startedAtMs,
      mode: deps.config.mode,
      learning: deps.adaptive.progress(),
      store: deps.storeState(),
      readiness: deps.readiness(),
      traffic: { ...traffic.totals(), series: traffic.series(), topReasons: traffic.topReasons(topReasons) },
      silenced: deps.quarantine.silenced(),
      counts: countsOf(context),
    }),
  })
}

export function stateEndpoints(context: AdminContext): readonly Endpoint[] {
  const { deps } = context
  return [
    stateEndpoint(context),
    endpoint({
      id: 'listProfiles',
      method: 'get',
      path: '/profiles',
      tag: 'learning',
      summary: 'What was learned of each field, and what is missing before it may act.',
      query: page,
      reply: z.object({ profiles: z.array(profileView) }),
      handle: ({ query }) => ({ profiles: deps.adaptive.profiles(query.limit) }),
    }),
    endpoint({
      id: 'listRules',
      method: 'get',
      path: '/rules',
      tag: 'state',
      summary: 'The rules that are loaded, and how often each matched.',
      reply: z.object({ rules: z.array(ruleView) }),
      handle: () => ({ rules: deps.rules() }),
    }),
    endpoint({
      id: 'listRoutes',
      method: 'get',
      path: '/routes',
      tag: 'state',
      summary: 'Learned routes with the mode in force and the setting it comes from.',
      query: page,
      reply: z.object({ routes: z.array(routeModeView) }),
      handle: ({ query }) => {
        const routes = deps.routes().slice(0, query.limit)
        return {
          routes: routes.map(({ service, method, template }) => ({
            service,
            method,
            route: template,
            ...deps.modeOf(method, template),
          })),
        }
      },
    }),
  ]
}
