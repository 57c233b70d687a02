import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import supertest from 'supertest'
import { createDemoApi } from '../../src/demo/api.ts'
import { credentialsOf } from '../../src/demo/shop/shop.ts'

const api = createDemoApi()

async function signIn(index: number): Promise<{ access: string; refresh: string }> {
  const answer = await supertest(api).post('/api/sign-in').send(credentialsOf(index)).expect(200)
  return { access: answer.body.accessToken, refresh: answer.body.refreshToken }
}

const asCustomer = async (index: number): Promise<[string, string]> => [
  'authorization',
  `Bearer ${(await signIn(index)).access}`,
]

const order = {
  items: [{ sku: 'LAM-100', quantity: 2 }],
  recipient: { name: "Siobhan O'Brien", street: 'Hauptstraße 5', city: '東京', country: 'JP' },
  giftNote: 'See you on 12/24 - love, Mum',
}

describe('the demo API', () => {
  it('answers a health check', async () => {
    await supertest(api).get('/health').expect(200, { status: 'ok' })
  })

  it('signs in with the right password only', async () => {
    const known = credentialsOf(0)
    const answer = await supertest(api).post('/api/sign-in').send(known).expect(200)
    expect(answer.body).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) })
    expect(answer.body.customer).not.toHaveProperty('password')
    await supertest(api)
      .post('/api/sign-in')
      .send({ ...known, password: 'wrong' })
      .expect(401)
    await supertest(api).post('/api/sign-in').send({ email: known.email }).expect(400)
  })

  it('gives a new token for a refresh token, once', async () => {
    const { refresh } = await signIn(1)
    const form = { grant_type: 'refresh_token', refresh_token: refresh }
    await supertest(api).post('/api/token').type('form').send(form).expect(200)
    await supertest(api).post('/api/token').type('form').send(form).expect(401)
    await supertest(api).post('/api/token').type('form').send({ grant_type: 'password' }).expect(400)
  })

  it('lists only the orders of the customer who asks, page by page', async () => {
    const header = await asCustomer(2)
    const all = await supertest(api)
      .get('/api/orders?perPage=50')
      .set(...header)
      .expect(200)
    expect(all.body.items.every((item: { customerId: number }) => item.customerId === 3)).toBe(true)
    const second = await supertest(api)
      .get('/api/orders?page=2&perPage=3&sort=oldest')
      .set(...header)
      .expect(200)
    expect(second.body.items).toHaveLength(all.body.total - 3)
    await supertest(api)
      .get('/api/orders?page=0')
      .set(...header)
      .expect(400)
    await supertest(api)
      .get('/api/orders?sort=colour')
      .set(...header)
      .expect(400)
    await supertest(api)
      .get('/api/orders?status=lost')
      .set(...header)
      .expect(400)
    await supertest(api).get('/api/orders').expect(401)
  })

  it('shows an order to its owner, refuses it to others and knows none that is not there', async () => {
    const header = await asCustomer(0)
    await supertest(api)
      .get('/api/orders/100000')
      .set(...header)
      .expect(200)
    const part = await supertest(api)
      .get('/api/orders/100000?fields=id,status')
      .set(...header)
      .expect(200)
    expect(part.body).toEqual({ id: 100_000, status: 'delivered' })
    await supertest(api)
      .get('/api/orders/100000?fields=password')
      .set(...header)
      .expect(400)
    await supertest(api)
      .get('/api/orders/100001')
      .set(...header)
      .expect(403)
    await supertest(api)
      .get('/api/orders/90000')
      .set(...header)
      .expect(404)
    await supertest(api)
      .get('/api/orders/seven')
      .set(...header)
      .expect(400)
  })

  it('places a valid order and explains what is wrong with another', async () => {
    const header = await asCustomer(3)
    const placed = await supertest(api)
      .post('/api/orders')
      .set(...header)
      .send(order)
      .expect(201)
    expect(placed.body).toMatchObject({ customerId: 4, totalCents: 998, giftNote: order.giftNote })
    await supertest(api)
      .get(`/api/orders/${placed.body.id}`)
      .set(...header)
      .expect(200)
    const wrong = [
      { ...order, items: [] },
      { ...order, items: [{ sku: 'NONE-1', quantity: 1 }] },
      { ...order, items: [{ sku: 'LAM-100', quantity: 0 }] },
      { ...order, recipient: { name: 'x' } },
      { ...order, giftNote: 'x'.repeat(301) },
    ]
    for (const body of wrong)
      await supertest(api)
        .post('/api/orders')
        .set(...header)
        .send(body)
        .expect(422)
    expect(wrong).toHaveLength(5)
    await supertest(api)
      .post('/api/orders')
      .set(...header)
      .type('json')
      .send('{"items":')
      .expect(400)
  })

  it('searches the catalogue by free text and sorts by the ways it knows', async () => {
    const found = await supertest(api).get('/api/catalogue').query({ q: 'rock & roll', sort: '-price' }).expect(200)
    expect(found.body.total).toBeGreaterThan(0)
    const prices = found.body.items.map((product: { priceCents: number }) => product.priceCents)
    expect(prices).toEqual([...prices].sort((left, right) => right - left))
    await supertest(api).get('/api/catalogue?q=lamp&sort=weight').expect(400)
    await supertest(api).get('/api/catalogue?maxPrice=cheap').expect(400)
    await supertest(api).get('/api/catalogue/LAM-100').expect(200)
    await supertest(api).get('/api/catalogue/LAM-999').expect(404)
  })

  it('reads and updates the profile of the customer who asks', async () => {
    const header = await asCustomer(4)
    const update = { name: 'Jürgen Müller', phone: '+44 20 7946 0001', language: 'de', newsletter: true }
    await supertest(api)
      .put('/api/profile')
      .set(...header)
      .send(update)
      .expect(200)
    const profile = await supertest(api)
      .get('/api/profile')
      .set(...header)
      .expect(200)
    expect(profile.body).toMatchObject(update)
    await supertest(api)
      .put('/api/profile')
      .set(...header)
      .send({ ...update, phone: 'none' })
      .expect(422)
    await supertest(api)
      .put('/api/profile')
      .set(...header)
      .send({ ...update, language: 'German' })
      .expect(422)
  })

  it('takes a multipart upload with a caption', async () => {
    const header = await asCustomer(5)
    const upload = supertest(api)
      .post('/api/documents')
      .set(...header)
    const answer = await upload
      .field('caption', 'Reçu n° 12')
      .attach('file', Buffer.from('page 1'), 'reçu.pdf')
      .expect(201)
    expect(answer.body).toMatchObject({ name: 'reçu.pdf', bytes: 6, caption: 'Reçu n° 12' })
    await supertest(api)
      .post('/api/documents')
      .set(...header)
      .field('caption', 'x')
      .expect(422)
    await supertest(api)
      .post('/api/documents')
      .set(...header)
      .send({ caption: 'x' })
      .expect(415)
    await supertest(api)
      .post('/api/documents')
      .set(...header)
      .type('multipart/form-data; boundary=b')
      .send('--x')
      .expect(422)
  })

  it('answers anything that is sent to it without failing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.json(), fc.constantFrom('get', 'post', 'put'), async (path, body, method) => {
        const request = supertest(api)[method as 'get' | 'post' | 'put'](`/api${path}`)
        const answer = await (method === 'get' ? request : request.type('json').send(body))
        expect(answer.status).toBeLessThan(500)
      }),
      { numRuns: 50 },
    )
  })
})
