import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { signIn, withAdmin } from './client.ts'
import { accuseTwice, caseOf } from './fixture.ts'

const release = '/api/v1/clients/address%3A203.0.113.7/release'

describe('guards', () => {
  it('refuse every call without a session but for the few that are open', async () => {
    await withAdmin({}, async ({ call }) => {
      const closed = [
        ['GET', '/api/v1/state'],
        ['GET', '/api/v1/findings'],
        ['GET', '/api/v1/openapi.json'],
        ['GET', '/api/v1/no-such-path'],
        ['GET', '/no-such-page'],
        ['GET', '/api/v1/State'],
        ['GET', '/api/v1/session/'],
        ['GET', '//api/v1/state'],
        ['GET', '/api/v1/%73tate'],
        ['HEAD', '/api/v1/state'],
        ['OPTIONS', '/api/v1/state'],
        ['PUT', '/api/v1/session'],
        ['POST', release],
        ['DELETE', '/api/v1/session'],
        ['POST', '/healthz'],
      ] as const
      for (const [method, path] of closed) expect([path, (await call(method, path)).status]).toEqual([path, 401])
      expect(closed).toHaveLength(15)
      const open = ['/healthz', '/readyz', '/metrics', '/api/v1/session']
      for (const path of open) expect([path, (await call('GET', path)).status]).toEqual([path, 200])
    })
  })

  it('refuse a change without the token of the session', async () => {
    await withAdmin({}, async ({ call, quarantine }) => {
      const clientId = accuseTwice(quarantine, '203.0.113.7')
      const { cookie, 'x-csrf-token': token } = await signIn(call)
      const other = await signIn(call)
      const tokens: Record<string, string>[] = [
        {},
        { 'x-csrf-token': '' },
        { 'x-csrf-token': 'wrong' },
        { 'x-csrf-token': `${token}x` },
        { 'x-csrf-token': other['x-csrf-token'] },
      ]
      for (const headers of tokens) {
        const reply = await call('POST', release, { headers: { cookie, ...headers }, body: {} })
        expect(reply.status).toBe(403)
        expect(reply.body).toMatchObject({ code: 'csrf' })
      }
      expect(tokens).toHaveLength(5)
      expect(quarantine.lookup(clientId)).toBeDefined()
      const reply = await call('POST', release, { headers: { cookie, 'x-csrf-token': token }, body: {} })
      expect(reply.status).toBe(200)
    })
  })

  it('refuse changes that come from another site, the API on another port of this machine included', async () => {
    await withAdmin({}, async ({ call, port, quarantine }) => {
      accuseTwice(quarantine, '203.0.113.7')
      const signedIn = await signIn(call)
      const foreign: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'http://127.0.0.1:8080' },
        { origin: 'null' },
        { origin: `http://localhost:${port}` },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'cross-site', origin: `http://127.0.0.1:${port}` },
        { 'sec-fetch-site': '' },
      ]
      for (const headers of foreign) {
        const reply = await call('POST', release, { headers: { ...signedIn, ...headers }, body: {} })
        expect([headers, reply.status, reply.body['code']]).toEqual([headers, 403, 'cross-site'])
        const attempt = await call('POST', '/api/v1/session', { headers, body: { user: 'admin', password: 'x' } })
        expect(attempt.status).toBe(403)
      }
      expect(foreign).toHaveLength(8)
    })
  })

  it('accept changes from the dashboard itself, behind a TLS proxy as well', async () => {
    await withAdmin({}, async ({ call, port, quarantine }) => {
      const signedIn = await signIn(call)
      const own: Record<string, string>[] = [
        {},
        { origin: `http://127.0.0.1:${port}` },
        { 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'same-origin', origin: 'https://thymus.example' },
      ]
      for (const headers of own) {
        accuseTwice(quarantine, '203.0.113.7')
        const path = '/api/v1/clients/address%3A203.0.113.7/exempt'
        const reply = await call('POST', path, { headers: { ...signedIn, ...headers }, body: { ttlMs: null } })
        expect([headers, reply.status]).toEqual([headers, 200])
      }
      expect(own).toHaveLength(4)
    })
  })

  it('refuse host names that nobody configured, so that no page can rebind its name to the listener', async () => {
    await withAdmin({ hostNames: ['Thymus.example'] }, async ({ call, port }) => {
      const refused = [
        'evil.example',
        `evil.example:${port}`,
        'localhost.evil.example',
        '127.0.0.1.evil.example',
        'a b',
        '[::1',
      ]
      for (const host of refused) {
        for (const path of ['/', '/api/v1/session', '/metrics', '/readyz']) {
          const reply = await call('GET', path, { headers: { host } })
          expect([host, path, reply.status]).toEqual([host, path, 421])
        }
      }
      expect(refused).toHaveLength(6)
      const accepted = [
        'localhost',
        `localhost:${port}`,
        'LOCALHOST',
        'admin.localhost',
        '127.0.0.1',
        '192.0.2.4:9090',
        '[::1]:9090',
        'thymus.example:443',
      ]
      for (const host of accepted) {
        const reply = await call('GET', '/api/v1/session', { headers: { host } })
        expect([host, reply.status]).toEqual([host, 200])
      }
      expect(accepted).toHaveLength(8)
    })
  })

  it('send a policy that allows nothing from elsewhere and nothing inline', async () => {
    await withAdmin({}, async ({ call }) => {
      const { headers } = await call('GET', '/')
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';require-trusted-types-for 'script'",
      )
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(headers).not.toHaveProperty('x-powered-by')
      expect((await call('GET', '/api/v1/session')).headers['cache-control']).toBe('no-store')
    })
  })
})

describe('input', () => {
  it('is refused by size, type and form, with a problem that names the member', async () => {
    await withAdmin({}, async ({ call, cases }) => {
      cases.add(caseOf('ref-1'))
      const headers = await signIn(call)
      const path = '/api/v1/findings/ref-1/review'
      const big = JSON.stringify({ review: 'open', padding: 'x'.repeat(70_000) })
      expect(await call('POST', path, { headers, raw: big })).toMatchObject({
        status: 413,
        body: { code: 'body-too-large' },
      })
      const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
      expect(await call('POST', path, { headers: form, raw: 'review=open' })).toMatchObject({
        status: 415,
        body: { code: 'bad-media-type' },
      })
      expect(await call('POST', path, { headers, raw: '{"review":' })).toMatchObject({
        status: 400,
        body: { code: 'bad-input' },
      })
      const unknown = await call('POST', path, { headers, body: { review: 'open', extra: 1 } })
      expect(unknown).toMatchObject({ status: 400, body: { code: 'bad-input', errors: [{ path: 'body' }] } })
      expect(unknown.headers['content-type']).toContain('application/problem+json')
      const query = await call('GET', '/api/v1/findings?limit=0&limit=5&colour=red', { headers })
      expect(query).toMatchObject({
        status: 400,
        body: { errors: expect.arrayContaining([expect.objectContaining({ path: 'query.limit' })]) },
      })
      expect((await call('GET', '/api/v1/findings/%E0%A4%A', { headers })).status).toBe(400)
    })
  })

  it('never leads to a fault or a stack trace, whatever it is', async () => {
    await withAdmin({}, async ({ call, cases, events }) => {
      cases.add(caseOf('ref-1'))
      const headers = await signIn(call)
      const paths = [
        '/api/v1/session',
        '/api/v1/findings/ref-1/review',
        '/api/v1/tolerances',
        '/api/v1/clients/address%3A203.0.113.7/extend',
        '/api/v1/clients/__proto__/exempt',
      ]
      const body = fc.oneof(fc.json(), fc.string(), fc.constant('{"__proto__":{"admin":true}}'))
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...paths), body, async (path, raw) => {
          const reply = await call('POST', path, { headers, raw })
          expect([400, 401, 404, 429]).toContain(reply.status)
          expect(reply.text).not.toMatch(/node_modules|at .*\.ts/)
        }),
        { numRuns: 150 },
      )
      expect(events.filter((event) => event.kind === 'fault')).toEqual([])
    })
  })

  it('meets a fault of a room with a bare 500, reported inside', async () => {
    const storeState = () => {
      throw new Error('secret detail of /var/lib/thymus')
    }
    await withAdmin(
      { storeState, metricsText: () => Promise.reject(new Error('registry is gone')) },
      async ({ call, events }) => {
        const headers = await signIn(call)
        for (const path of ['/api/v1/state', '/metrics']) {
          const reply = await call('GET', path, { headers })
          expect(reply).toMatchObject({
            status: 500,
            body: { code: 'fault', detail: 'The call failed; the log says why.' },
          })
          expect(reply.text).not.toContain('secret')
        }
        expect(events.filter((event) => event.kind === 'fault')).toHaveLength(2)
        expect((await call('GET', '/healthz')).status).toBe(200)
      },
    )
  })
})
