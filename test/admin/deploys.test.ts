import { describe, expect, it } from '@jest/globals'
import { signIn, withAdmin } from './client.ts'
import { startMs } from './fixture.ts'

const path = '/api/v1/deploys'

describe('deploys', () => {
  it('are marked, audited and listed with their state', async () => {
    await withAdmin({}, async ({ call, clock, deps, events }) => {
      const headers = await signIn(call)
      const body = { service: 'api', route: '/orders/**', reason: ' version 2 ', windowMs: 60_000 }
      const reply = await call('POST', path, { headers, body })
      expect(reply.status).toBe(201)
      const [made] = deps.deploys.list()
      expect(reply.body).toEqual({ deploy: made })
      expect(made).toMatchObject({
        scope: { service: 'api', route: '/orders/**' },
        by: 'admin',
        reason: 'version 2',
        markedAtMs: startMs,
        untilMs: startMs + 60_000,
        isRunning: true,
      })
      expect(events).toContainEqual(
        expect.objectContaining({ actor: 'admin', action: 'mark-deploy', subject: made?.id }),
      )
      clock.advance(60_000)
      const listed = await call('GET', path, { headers })
      expect(listed.body).toEqual({ deploys: [{ ...made, isRunning: false }] })
    })
  })

  it('count everywhere and for the configured time unless told otherwise', async () => {
    await withAdmin({ config: { adaptive: { deployWindowMs: 120_000 } } }, async ({ call }) => {
      const { body } = await call('POST', path, { headers: await signIn(call), body: { reason: 'version 2' } })
      expect(body).toMatchObject({
        deploy: { scope: { service: '*', route: '/**' }, untilMs: startMs + 120_000 },
      })
    })
  })

  const bad: [string, Record<string, unknown>, RegExp][] = [
    ['reason', {}, /expected string/],
    ['reason', { reason: '  ' }, />=1 characters/],
    ['reason', { reason: 'x'.repeat(501) }, /<=500 characters/],
    ['route', { reason: 'r', route: 'orders' }, /must start with "\/"/],
    ['service', { reason: 'r', service: '' }, />=1 characters/],
    ['windowMs', { reason: 'r', windowMs: 59_999 }, />=60000/],
    ['windowMs', { reason: 'r', windowMs: 86_400_001 }, /<=86400000/],
    ['windowMs', { reason: 'r', windowMs: '60000' }, /expected number/],
  ]
  it.each(bad)('with a bad %s are refused with what was expected: %j', async (name, body, expected) => {
    expect(bad).toHaveLength(8)
    await withAdmin({}, async ({ call, deps }) => {
      const reply = await call('POST', path, { headers: await signIn(call), body })
      expect(reply.status).toBe(400)
      expect(reply.headers['content-type']).toContain('application/problem+json')
      const message = expect.stringMatching(expected)
      expect(reply.body).toMatchObject({ code: 'bad-input', errors: [{ path: `body.${name}`, message }] })
      expect(deps.deploys.list()).toEqual([])
    })
  })

  it('need a session and its token', async () => {
    await withAdmin({}, async ({ call, deps }) => {
      const body = { reason: 'version 2' }
      expect((await call('GET', path)).status).toBe(401)
      expect((await call('POST', path, { body })).status).toBe(401)
      const { cookie } = await signIn(call)
      expect((await call('POST', path, { headers: { cookie }, body })).status).toBe(403)
      expect(deps.deploys.list()).toEqual([])
    })
  })
})
