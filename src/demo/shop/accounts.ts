import { randomBytes } from 'node:crypto'
import express, { type Request, type Response, type Router } from 'express'
import { type Fields, fail, readFields } from './answers.ts'
import type { Customer, Shop } from './shop.ts'

/** Sign-in, tokens and the profile. */
export function accountRoutes(shop: Shop): Router {
  const router = express.Router()
  router.post('/sign-in', (request, response) => {
    const { email, password } = readFields(request.body)
    if (typeof email !== 'string' || typeof password !== 'string')
      return fail(response, 400, 'email and password are needed')
    const customer = [...shop.customers.values()].find((known) => known.email === email && known.password === password)
    if (customer === undefined) return fail(response, 401, 'unknown e-mail or wrong password')
    response.json({ ...openSession(shop, customer.id), customer: publicProfile(customer) })
  })
  router.post('/token', (request, response) => {
    const fields = readFields(request.body)
    if (fields['grant_type'] !== 'refresh_token') return fail(response, 400, 'unsupported grant_type')
    const refreshToken = String(fields['refresh_token'] ?? '')
    const customerId = shop.refreshTokens.peek(refreshToken)
    if (customerId === undefined) return fail(response, 401, 'unknown refresh token')
    shop.refreshTokens.delete(refreshToken)
    response.json(openSession(shop, customerId))
  })
  router.get('/profile', (request, response) => {
    const customer = signedIn(shop, request, response)
    if (customer !== undefined) response.json(publicProfile(customer))
  })
  router.put('/profile', (request, response) => {
    const customer = signedIn(shop, request, response)
    if (customer === undefined) return
    const wrong = updateProfile(customer, readFields(request.body))
    if (wrong !== undefined) return fail(response, 422, wrong)
    response.json(publicProfile(customer))
  })
  return router
}

/** The customer whose token the request carries; otherwise 401 has been sent. */
export function signedIn(shop: Shop, request: Request, response: Response): Customer | undefined {
  const [scheme, token] = (request.get('authorization') ?? '').split(' ')
  const session = scheme === 'Bearer' ? shop.sessions.get(token ?? '') : undefined
  const customer = session === undefined ? undefined : shop.customers.get(session.customerId)
  if (customer === undefined) fail(response, 401, 'sign in first')
  return customer
}

function openSession(shop: Shop, customerId: number): { accessToken: string; refreshToken: string; expiresIn: number } {
  const accessToken = randomBytes(24).toString('hex')
  const refreshToken = randomBytes(24).toString('hex')
  shop.sessions.set(accessToken, { customerId, refreshToken })
  shop.refreshTokens.set(refreshToken, customerId)
  return { accessToken, refreshToken, expiresIn: 3_600 }
}

/** Returns the sentence that says what is wrong, and changes nothing then. The e-mail stays: it is the sign-in name. */
function updateProfile(customer: Customer, fields: Fields): string | undefined {
  const { name, phone, language, newsletter } = fields
  if (typeof name !== 'string' || name.length === 0 || name.length > 80) return 'name needs 1 to 80 characters'
  if (typeof phone !== 'string' || !/^\+?[\d ()-]{6,24}$/.test(phone)) return 'phone is not a telephone number'
  if (language !== undefined && !/^[a-z]{2}$/.test(String(language))) return 'language is not a two-letter code'
  customer.name = name
  customer.phone = phone
  customer.language = String(language ?? customer.language)
  customer.newsletter = newsletter === true
  return undefined
}

function publicProfile(customer: Customer): Omit<Customer, 'password'> {
  const { password: _, ...profile } = customer
  return profile
}
