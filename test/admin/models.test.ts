import { describe, expect, it } from '@jest/globals'
import { signIn, withAdmin } from './client.ts'

const path = '/api/v1/models'

describe('self models', () => {
  it('are listed with why each acts or does not, and whether models are trained', async () => {
    await withAdmin({}, async ({ call }) => {
      const { body } = await call('GET', path, { headers: await signIn(call) })
      expect(body).toMatchObject({
        models: [
          { id: 'm2', group: 'api GET /orders/{int}', verdict: 'current', samples: 1_200, backend: 'cpu' },
          { id: 'm1', verdict: 'retired', reason: 'm2 took its place' },
        ],
        training: { isOn: true },
      })
    })
  })

  it('go back to an earlier one, audited once', async () => {
    await withAdmin({}, async ({ call, events, deps }) => {
      const headers = await signIn(call)
      const reply = await call('POST', `${path}/m1/rollback`, { headers })
      expect([reply.status, reply.body]).toMatchObject([200, { model: { id: 'm1', verdict: 'current' } }])
      expect((await call('POST', `${path}/m1/rollback`, { headers })).status).toBe(200)
      expect(deps.models.list()).toMatchObject([
        { id: 'm2', verdict: 'withdrawn', reason: 'admin went back to m1' },
        {},
      ])
      const acts = events.filter((event) => event.kind === 'admin' && event.action === 'rollback-model')
      expect(acts).toMatchObject([{ actor: 'admin', subject: 'm1' }])
    })
  })

  it('do not go back to what is not there, nor without a session', async () => {
    await withAdmin({}, async ({ call, deps }) => {
      const headers = await signIn(call)
      let ran = 0
      for (const id of ['m9', 'x', '%2e%2e']) {
        expect((await call('POST', `${path}/${id}/rollback`, { headers })).status).toBe(404)
        ran += 1
      }
      expect(ran).toBe(3)
      expect((await call('POST', `${path}/m1/rollback`, {})).status).toBe(401)
      expect(deps.models.list()[0]).toMatchObject({ id: 'm2', verdict: 'current' })
    })
  })
})
