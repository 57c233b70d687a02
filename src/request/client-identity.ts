import { createHmac, randomBytes } from 'node:crypto'
import { isIP, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { containsAddress, createBlockList, plainAddress } from '../core/address.ts'
import { BoundedMap } from '../core/bounded-map.ts'
import type { Client } from '../core/client.ts'
import { hashText } from '../core/hash.ts'
import type { RequestView } from './request-view.ts'

export type IdentityOptions = {
  readonly principalHeader: string | null
  readonly apiKeyHeaders: readonly string[]
  readonly sessionCookies: readonly string[]
  readonly trustedProxies: readonly string[]
  /** Key of the hashes that stand for secrets; nodes that share holds must share it. */
  readonly hashKey?: string
}

/** What the head of a request says about its sender. */
export type IdentityHints = {
  readonly authorization: string | null
  readonly cookie: string | null
  readonly userAgent: string
  readonly forwardedFor: string | null
  /** Value of the principal header, believed only from a trusted proxy. */
  readonly principal: string | null
  readonly apiKey: string | null
}

export type ClientIdentifier = {
  readonly identify: (view: RequestView, hints: IdentityHints) => Client
  /** Tells that the upstream refused a request to this route for want of a credential (401): it does look at them. */
  readonly challenged: (route: string) => void
  /**
   * Tells that the upstream accepted the credential of a request to this route. A credential identifies a client only
   * after that, and only where credentials are known to be looked at: else anybody could shed a hold by making up tokens.
   */
  readonly vouch: (hints: IdentityHints, route: string) => void
}

const maxCached = 20_000
const maxGuarded = 2_000

/** The strongest identity wins: principal, API key, token or session, then address with a coarse fingerprint. */
export function createClientIdentifier(options: IdentityOptions): ClientIdentifier {
  const proxies = createBlockList(options.trustedProxies, 'trustedProxies')
  const hashKey = options.hashKey ?? randomBytes(16).toString('hex')
  const trusted = new BoundedMap<string, boolean>(maxCached)
  const hashes = new BoundedMap<string, string>(maxCached)
  const vouched = new BoundedMap<string, true>(maxCached)
  const guarded = new BoundedMap<string, true>(maxGuarded)

  const isTrusted = (address: string): boolean => {
    if (options.trustedProxies.length === 0) return false
    const known = trusted.get(address)
    if (known !== undefined) return known
    const answer = containsAddress(proxies, address)
    trusted.set(address, answer)
    return answer
  }

  const hash = (secret: string): string => {
    let hashed = hashes.get(secret)
    if (hashed === undefined) {
      hashed = createHmac('sha256', hashKey).update(secret).digest('hex').slice(0, 24)
      hashes.set(secret, hashed)
    }
    return hashed
  }

  const clientAddress = (view: RequestView, hints: IdentityHints): string => {
    if (hints.forwardedFor === null || !isTrusted(view.remoteAddress)) return view.remoteAddress
    let address = view.remoteAddress
    for (const hop of hints.forwardedFor.split(',').reverse()) {
      if (!isTrusted(address)) break
      const next = hop.trim()
      if (isIP(next) === 0) break
      address = next
    }
    return address
  }

  return {
    identify: (view, hints) => {
      const address = clientAddress(view, hints)
      const source = addressBlock(address)
      if (hints.principal !== null && isTrusted(view.remoteAddress)) {
        return { id: `principal:${hash(hints.principal)}`, kind: 'principal', address, source }
      }
      const credential = credentialOf(hints, options.sessionCookies)
      if (credential !== null && vouched.get(credential.value) === true) {
        const id = `${credential.kind}:${hash(credential.value)}`
        return { id, kind: credential.kind, address, source }
      }
      const fingerprint = hashText(productOf(hints.userAgent)).toString(36)
      return { id: `address:${source}/${fingerprint}`, kind: 'address', address, source }
    },
    challenged: (route) => {
      if (!guarded.has(route)) guarded.set(route, true)
    },
    vouch: (hints, route) => {
      if (!guarded.has(route)) return
      const credential = credentialOf(hints, options.sessionCookies)
      if (credential !== null && !vouched.has(credential.value)) vouched.set(credential.value, true)
    },
  }
}

/** The product that a user agent names first (RFC 9110, 10.1.5): `Mozilla`, `curl`, `okhttp`. */
function productOf(userAgent: string): string {
  const slash = userAgent.indexOf('/')
  return slash === -1 ? userAgent : userAgent.slice(0, slash)
}

type Credential = { readonly kind: 'api-key' | 'token'; readonly value: string }

function credentialOf(hints: IdentityHints, sessionCookies: readonly string[]): Credential | null {
  if (hints.apiKey !== null) return { kind: 'api-key', value: hints.apiKey }
  if (hints.authorization !== null) return { kind: 'token', value: hints.authorization }
  if (hints.cookie === null || sessionCookies.length === 0) return null
  for (const name of sessionCookies) {
    const value = cookieValue(hints.cookie, name)
    if (value !== null) return { kind: 'token', value: `${name}=${value}` }
  }
  return null
}

function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1)
  }
  return null
}

/** The block that counts as one source: an IPv4 address, or the /56 that a customer line usually gets (RFC 6177). */
function addressBlock(address: string): string {
  if (!address.includes(':')) return address
  if (plainAddress(address) !== address || !isIPv6(address)) return plainAddress(address)
  const parts = ipaddr.IPv6.parse(address).parts
  const kept = parts.map((part, index) => (index < 3 ? part : index === 3 ? part & 0xff00 : 0))
  return `${new ipaddr.IPv6(kept).toString()}/56`
}
