import { describe, expect, it } from '@jest/globals'
import { signIn, withAdmin } from './client.ts'

const path = '/api/v1/detectors'
const id = 'r3-2-1180'

describe('detectors', () => {
  it('are listed with what they match, where they come from and what they were screened against', async () => {
    await withAdmin({}, async ({ call }) => {
      const { body } = await call('GET', path, { headers: await signIn(call) })
      const screened = { screenedAgainst: 412, screenedAtMs: expect.any(Number), selfMatches: 0 }
      expect(body).toMatchObject({
        detectors: [
          { id, kind: 'chunk', pattern: 'letter-quote-blank', state: 'mature', matches: 2, parent: null, ...screened },
        ],
      })
    })
  })

  it('are retired by a person, audited, with their record kept', async () => {
    await withAdmin({}, async ({ call, events, deps }) => {
      const headers = await signIn(call)
      const reply = await call('POST', `${path}/${id}/retire`, { headers })
      const detector = { id, state: 'retired', retiredBecause: 'false-positive', matches: 2, screenedAgainst: 412 }
      expect([reply.status, reply.body]).toMatchObject([200, { detector }])
      expect(deps.adaptive.detectors(10)).toMatchObject([detector])
      const acts = events.filter((event) => event.kind === 'admin' && event.action === 'retire-detector')
      expect(acts).toMatchObject([{ actor: 'admin', subject: id }])
    })
  })

  it('are not retired where there is none, nor without a session', async () => {
    await withAdmin({}, async ({ call, deps }) => {
      const headers = await signIn(call)
      let ran = 0
      for (const unknown of ['r3-9-9', 'x', '%2e%2e']) {
        expect((await call('POST', `${path}/${unknown}/retire`, { headers })).status).toBe(404)
        ran += 1
      }
      expect(ran).toBe(3)
      expect((await call('POST', `${path}/${id}/retire`, {})).status).toBe(401)
      expect(deps.adaptive.detectors(1)).toMatchObject([{ state: 'mature' }])
    })
  })
})
