import { describe, expect, it } from '@jest/globals'
import { createClientIdentifier, type IdentityHints, type IdentityOptions } from '../../src/request/client-identity.ts'
import { viewOf } from '../support/canonical.ts'

const hints: IdentityHints = {
  authorization: null,
  cookie: null,
  userAgent: 'Mozilla/5.0 (X11)',
  forwardedFor: null,
  principal: null,
  apiKey: null,
}
const create = (options: Partial<IdentityOptions> = {}) =>
  createClientIdentifier({
    principalHeader: null,
    apiKeyHeaders: [],
    sessionCookies: ['sid'],
    trustedProxies: [],
    hashKey: 'k',
    ...options,
  })
const from = (address: string) => viewOf({ address })

describe('createClientIdentifier', () => {
  it('takes the address when nothing else is known', () => {
    expect(create().identify(from('192.0.2.7'), hints)).toMatchObject({
      kind: 'address',
      address: '192.0.2.7',
      source: '192.0.2.7',
    })
  })

  it('counts an IPv6 line as one source, and an IPv4 address in IPv6 form as IPv4', () => {
    const { identify } = create()
    expect(identify(from('2001:db8:1:2233::9'), hints).source).toBe(identify(from('2001:db8:1:22ff::1'), hints).source)
    expect(identify(from('2001:db8:1:2333::9'), hints).source).not.toBe(
      identify(from('2001:db8:1:22ff::1'), hints).source,
    )
    expect(identify(from('::ffff:192.0.2.7'), hints).source).toBe('192.0.2.7')
  })

  it('does not believe X-Forwarded-For from strangers', () => {
    const client = create().identify(from('192.0.2.7'), { ...hints, forwardedFor: '203.0.113.9' })
    expect(client.address).toBe('192.0.2.7')
  })

  it('walks X-Forwarded-For from the right over trusted proxies only', () => {
    const { identify } = create({ trustedProxies: ['10.0.0.0/8'] })
    const forwardedFor = '198.51.100.1, 203.0.113.9, 10.1.1.1'
    expect(identify(from('10.0.0.1'), { ...hints, forwardedFor }).address).toBe('203.0.113.9')
    expect(identify(from('10.0.0.1'), { ...hints, forwardedFor: 'nonsense, 10.1.1.1' }).address).toBe('10.1.1.1')
  })

  it('tells clients by a credential only after a route that asks for one accepted it', () => {
    const { identify, vouch, challenged } = create()
    const token = { ...hints, authorization: 'Bearer made-up' }
    expect(identify(from('192.0.2.7'), token).kind).toBe('address')
    vouch(token, 'GET /orders')
    expect(identify(from('192.0.2.7'), token).kind).toBe('address')
    challenged('GET /orders')
    vouch(token, 'GET /public')
    expect(identify(from('192.0.2.7'), token).kind).toBe('address')
    vouch(token, 'GET /orders')
    expect(identify(from('192.0.2.7'), token).kind).toBe('token')
    expect(identify(from('198.51.100.4'), token).id).toBe(identify(from('192.0.2.7'), token).id)
    expect(identify(from('192.0.2.7'), { ...hints, authorization: 'Bearer other' }).kind).toBe('address')
  })

  it('never shows the secret in the id', () => {
    const { identify, vouch, challenged } = create()
    challenged('GET /orders')
    const cookie = { ...hints, cookie: 'theme=dark; sid=topsecretvalue' }
    vouch(cookie, 'GET /orders')
    const { id, kind } = identify(from('192.0.2.7'), cookie)
    expect(kind).toBe('token')
    expect(id).not.toContain('topsecret')
  })

  it('believes the principal header from a trusted proxy and from nobody else', () => {
    const { identify } = create({ trustedProxies: ['10.0.0.0/8'], principalHeader: 'x-user' })
    expect(identify(from('10.0.0.1'), { ...hints, principal: 'anna' }).kind).toBe('principal')
    expect(identify(from('192.0.2.7'), { ...hints, principal: 'anna' }).kind).toBe('address')
  })

  it.each(['10.0.0.0/', '10.0.0.0/33', 'example.test', '10.0.0.0/-1', '::1/129', ''])(
    'refuses %j as a proxy block',
    (entry) => {
      expect(() => create({ trustedProxies: [entry] })).toThrow(
        /trustedProxies holds .* expected an address or a CIDR block/,
      )
    },
  )
})
