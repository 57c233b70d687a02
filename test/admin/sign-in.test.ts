import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSessions } from '../../src/admin/sessions.ts'
import { createSignInLimit } from '../../src/admin/sign-in-limit.ts'
import { createManualClock } from '../../src/core/clock.ts'
import { cookieOf, signIn, withAdmin } from './client.ts'
import { password } from './fixture.ts'

const minuteMs = 60_000
const wrong = { user: 'admin', password: 'not the password at all' }

describe('sign-in', () => {
  it('opens a session whose cookie is HttpOnly, strict, for the whole site and ends with the session', async () => {
    await withAdmin({ config: { admin: { sessionTtlMs: 3_600_000 } } }, async ({ call }) => {
      const reply = await call('POST', '/api/v1/session', { body: { user: 'admin', password } })
      expect(reply.status).toBe(201)
      const [header = ''] = reply.headers['set-cookie'] ?? []
      const [pair, ...attributes] = header.split('; ')
      expect(pair).toMatch(/^thymus_session=[\w-]{43}$/)
      expect(attributes.filter((one) => !one.startsWith('Expires=')).sort()).toEqual([
        'HttpOnly',
        'Max-Age=3600',
        'Path=/',
        'SameSite=Strict',
      ])
    })
  })

  it('marks the cookie Secure when TLS ends at a proxy in front', async () => {
    await withAdmin({}, async ({ call }) => {
      const headers = { 'x-forwarded-proto': 'https' }
      const reply = await call('POST', '/api/v1/session', { headers, body: { user: 'admin', password } })
      expect(String(reply.headers['set-cookie'])).toContain('; Secure')
    })
  })

  it('says who is signed in, and that nobody is', async () => {
    await withAdmin({}, async ({ call }) => {
      expect((await call('GET', '/api/v1/session')).body).toEqual({ session: null })
      const { cookie, 'x-csrf-token': csrfToken } = await signIn(call)
      const { body } = await call('GET', '/api/v1/session', { headers: { cookie } })
      expect(body).toMatchObject({ session: { user: 'admin', csrfToken } })
    })
  })

  it('gives the same answer for a wrong name and a wrong password', async () => {
    await withAdmin({}, async ({ call, events }) => {
      const one = await call('POST', '/api/v1/session', { body: wrong })
      const other = await call('POST', '/api/v1/session', { body: { user: 'nobody', password } })
      expect(one.status).toBe(401)
      expect(one.headers['set-cookie']).toBeUndefined()
      expect(other.text).toBe(one.text)
      expect(events.filter((event) => event.kind === 'admin')).toEqual([
        { kind: 'admin', actor: 'nobody', action: 'sign-in-failed', subject: '127.0.0.1' },
        { kind: 'admin', actor: 'nobody', action: 'sign-in-failed', subject: '127.0.0.1' },
      ])
    })
  })

  it('ignores an id that somebody planted, and ends the session that was open before', async () => {
    await withAdmin({}, async ({ call }) => {
      const planted = `thymus_session=${'A'.repeat(43)}`
      const first = await signIn(call, { cookie: planted })
      expect(first.cookie).not.toBe(planted)
      expect((await call('GET', '/api/v1/state', { headers: { cookie: planted } })).status).toBe(401)
      const second = await signIn(call, { cookie: first.cookie })
      expect(second.cookie).not.toBe(first.cookie)
      expect((await call('GET', '/api/v1/state', { headers: first })).status).toBe(401)
      expect((await call('GET', '/api/v1/state', { headers: second })).status).toBe(200)
    })
  })

  it('ends the session at sign-out and takes the cookie back', async () => {
    await withAdmin({}, async ({ call }) => {
      const headers = await signIn(call)
      const reply = await call('DELETE', '/api/v1/session', { headers })
      expect(reply.body).toEqual({ signedOut: true })
      expect(cookieOf(reply)).toBe('thymus_session=')
      expect((await call('GET', '/api/v1/state', { headers })).status).toBe(401)
    })
  })

  it('ends the session when its time is over', async () => {
    await withAdmin({ config: { admin: { sessionTtlMs: 10 * minuteMs } } }, async ({ call, clock }) => {
      const headers = await signIn(call)
      clock.advance(10 * minuteMs - 1)
      expect((await call('GET', '/api/v1/state', { headers })).status).toBe(200)
      clock.advance(1)
      expect((await call('GET', '/api/v1/state', { headers })).status).toBe(401)
    })
  })

  it('lets an address wait after its failures, the right password included, until the time is over', async () => {
    await withAdmin({ config: { admin: { maxSignInAttempts: 3 } } }, async ({ call, clock }) => {
      for (let attempt = 0; attempt < 3; attempt += 1) {
        expect((await call('POST', '/api/v1/session', { body: wrong })).status).toBe(401)
      }
      clock.advance(5 * minuteMs)
      const delayed = await call('POST', '/api/v1/session', { body: { user: 'admin', password } })
      expect(delayed.status).toBe(429)
      expect(delayed.headers['retry-after']).toBe('600')
      expect(delayed.body).toMatchObject({ code: 'too-many-attempts', status: 429 })
      clock.advance(10 * minuteMs)
      expect((await call('POST', '/api/v1/session', { body: { user: 'admin', password } })).status).toBe(201)
    })
  })

  it('counts attempts that run at the same time', async () => {
    await withAdmin({ config: { admin: { maxSignInAttempts: 2 } } }, async ({ call }) => {
      const replies = await Promise.all(
        Array.from({ length: 6 }, () => call('POST', '/api/v1/session', { body: wrong })),
      )
      expect(replies.map(({ status }) => status).sort()).toEqual([401, 401, 429, 429, 429, 429])
    })
  })

  it('does not count sign-ins that succeed', async () => {
    await withAdmin({ config: { admin: { maxSignInAttempts: 1 } } }, async ({ call }) => {
      for (let attempt = 0; attempt < 4; attempt += 1) await signIn(call)
      expect((await call('POST', '/api/v1/session', { body: wrong })).status).toBe(401)
      expect((await call('POST', '/api/v1/session', { body: wrong })).status).toBe(429)
    })
  })
})

describe('sign-in limit', () => {
  it('ends guessing that comes from many addresses', () => {
    const limit = createSignInLimit(createManualClock(), 5)
    let taken = 0
    for (let address = 0; address < 10_000; address += 1) if (limit.take(`10.0.${address}`) === 0) taken += 1
    expect(taken).toBe(100)
  })

  it('never lets an address take more than its attempts within a window', () => {
    const step = fc.record({ address: fc.constantFrom('a', 'b'), waitMs: fc.integer({ min: 0, max: 4 * minuteMs }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = createManualClock()
        const limit = createSignInLimit(clock, 3)
        const taken: { address: string; atMs: number }[] = []
        for (const { address, waitMs } of steps) {
          clock.advance(waitMs)
          if (limit.take(address) === 0) taken.push({ address, atMs: clock.now() })
        }
        // Windows are fixed: two of them may meet, so that twice the number fits into any 15 minutes.
        for (const one of taken) {
          const near = taken.filter(
            (two) => two.address === one.address && two.atMs >= one.atMs && two.atMs < one.atMs + 15 * minuteMs,
          )
          expect(near.length).toBeLessThanOrEqual(6)
        }
      }),
    )
  })
})

describe('sessions', () => {
  it('keeps a cap, and the oldest leave first', () => {
    const sessions = createSessions(createManualClock(), minuteMs)
    const ids = Array.from({ length: 250 }, () => sessions.open('admin').id)
    expect(sessions.size()).toBe(100)
    expect(sessions.find(ids[0] ?? '')).toBeUndefined()
    expect(sessions.find(ids[249] ?? '')).toMatchObject({ user: 'admin' })
    expect(new Set(ids).size).toBe(250)
  })

  it('finds nothing for ids that it never gave out', () => {
    const sessions = createSessions(createManualClock(), minuteMs)
    sessions.open('admin')
    fc.assert(fc.property(fc.string(), (id) => sessions.find(id) === undefined))
  })
})
