import { validate } from '@apidevtools/swagger-parser'
import { describe, expect, it } from '@jest/globals'
import { createContext } from '../../src/admin/admin.ts'
import { createApplication } from '../../src/admin/application.ts'
import { apiBase } from '../../src/admin/endpoint.ts'
import { type Running, signIn, withAdmin } from './client.ts'
import { accuseOnce, accuseTwice, attack, caseOf, createFixture } from './fixture.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** Something to act upon for every documented path. */
async function fillPaths({
  quarantine,
  cases,
  memory,
  deps,
}: Running): Promise<Record<string, { path: string; body?: unknown }>> {
  const clientId = encodeURIComponent(accuseTwice(quarantine, '203.0.113.7'))
  accuseOnce(quarantine, '198.51.100.4')
  cases.add(caseOf('ref-1'))
  const cell = memory.remember(attack)
  const scope = { service: 'api', method: 'GET', route: '/a', field: null, finding: null }
  const tolerance = deps.tolerances.tolerate(scope, { by: 'admin', reason: 'r', untilMs: deps.clock.now() + 60_000 })
  const path = (text: string) => `${apiBase}${text}`
  return {
    [path('/session')]: { path: path('/session'), body: { user: 'admin', password: deps.password } },
    [path('/findings/{referenceId}')]: { path: path('/findings/ref-1') },
    [path('/findings/{referenceId}/review')]: {
      path: path('/findings/ref-1/review'),
      body: { review: 'benign', tolerate: {} },
    },
    [path('/clients/{clientId}/extend')]: { path: path(`/clients/${clientId}/extend`), body: { byMs: 60_000 } },
    [path('/clients/{clientId}/release')]: { path: path(`/clients/${clientId}/release`), body: {} },
    [path('/clients/{clientId}/exempt')]: { path: path(`/clients/${clientId}/exempt`), body: { ttlMs: null } },
    [path('/cells/{cellId}')]: { path: path(`/cells/${cell?.id}`) },
    [path('/tolerances')]: { path: path('/tolerances'), body: { scope: { ...scope, route: '/b' }, reason: 'r' } },
    [path('/detectors/{detectorId}/retire')]: { path: path('/detectors/r3-2-1180/retire') },
    [path('/models/{modelId}/rollback')]: { path: path('/models/m1/rollback') },
    [path('/deploys')]: { path: path('/deploys'), body: { reason: 'version 2' } },
    [path('/tolerances/{toleranceId}')]: { path: path(`/tolerances/${tolerance.id}`) },
  }
}

/** Paths and methods that Express serves, in the document's form. */
function servedOperations(stack: readonly unknown[]): string[] {
  return stack.flatMap((layer) => {
    const { route } = layer as { route?: { path: string; methods: Record<string, boolean> } }
    if (route === undefined || route.path === '/') return []
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    return Object.keys(route.methods).map((method) => `${method} ${path}`)
  })
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1 with an id and a tag for every operation', async () => {
    await withAdmin({}, async ({ call }) => {
      const { body, status } = await call('GET', `${apiBase}/openapi.json`, { headers: await signIn(call) })
      expect(status).toBe(200)
      expect(body['openapi']).toBe('3.1.0')
      const paths = body['paths'] as Record<string, Record<string, { operationId: string; tags: string[] }>>
      const operations = Object.values(paths).flatMap((one) => Object.values(one))
      expect(new Set(operations.map((one) => one.operationId)).size).toBe(operations.length)
      expect(operations.every((one) => one.tags.length === 1)).toBe(true)
      await expect(validate(structuredClone(body) as unknown as Parameters<typeof validate>[0])).resolves.toBeDefined()
    })
  })

  it('names exactly the paths that are served', async () => {
    const fixture = createFixture()
    const { app, document } = createApplication(createContext(fixture.deps))
    const documented = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      methods.filter((method) => item?.[method] !== undefined).map((method) => `${method} ${path}`),
    )
    expect(documented.length).toBeGreaterThan(25)
    expect(servedOperations(app.router.stack).sort()).toEqual([...documented].sort())
    await fixture.dispose()
  })

  it('is kept by the answers: every documented operation answers as it is described', async () => {
    await withAdmin({}, async (running) => {
      const { call, deps } = running
      const paths = await fillPaths(running)
      const { operations } = createApplication(createContext(deps))
      const headers = await signIn(call)
      // Holds end when a client is released, and the session when it is signed out: those come late.
      const late = ['releaseClient', 'exemptClient', 'endExemption', 'signOut']
      const ordered = [...operations].sort((left, right) => late.indexOf(left.id) - late.indexOf(right.id))
      let answered = 0
      for (const one of ordered.filter(({ id }) => id !== 'signIn')) {
        const filled = paths[`${apiBase}${one.path}`] ?? { path: `${apiBase}${one.path}` }
        const options = one.body === null ? { headers } : { headers, body: filled.body }
        const reply = await call(one.method.toUpperCase(), filled.path, options)
        expect([one.id, reply.status, reply.text.slice(0, 0)]).toEqual([one.id, one.status, ''])
        expect([one.id, one.reply.safeParse(reply.body).error?.issues ?? []]).toEqual([one.id, []])
        answered += 1
      }
      expect(answered).toBe(operations.length - 1)
    })
  })
})
