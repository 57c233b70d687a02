/** Who sends: the strongest identity that the request carries. */
export type Client = {
  /** Stable and redacted: a keyed hash for secrets, the address (IPv6 by /56) for addresses. Starts with its kind. */
  readonly id: string
  readonly kind: 'principal' | 'api-key' | 'token' | 'address'
  /** The address behind trusted proxies. */
  readonly address: string
  /** Distinct-source key for learning: the address block whatever the identity, so that sources cannot be minted. */
  readonly source: string
}
