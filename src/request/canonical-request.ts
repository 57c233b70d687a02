import type { Client } from '../core/client.ts'
import type { IdentityHints } from './client-identity.ts'
import type { Field } from './field.ts'
import type { RequestView } from './request-view.ts'
import type { Route } from './route.ts'

/** Something about the request as a whole that a well-behaved client does not do. */
export type Oddity = {
  readonly kind: OddityKind
  /** What was seen, redacted and short. */
  readonly detail: string
}

export type OddityKind =
  | 'malformed-json'
  | 'malformed-xml'
  | 'malformed-multipart'
  | 'duplicate-json-key'
  | 'too-deep'
  | 'too-many-fields'
  | 'too-many-parts'
  | 'too-many-headers'
  | 'name-too-long'
  | 'undecoded'
  | 'invalid-utf8'
  | 'body-cut'
  | 'doctype'

/** The request made plain, once, for all layers. */
export type CanonicalRequest = {
  readonly view: RequestView
  readonly client: Client
  /** What the head said about the sender, for whoever learns whether the upstream accepted it. */
  readonly hints: IdentityHints
  /** The service that the request names; `route.service` is the one it is compared with. */
  readonly service: string
  readonly route: Route
  /** Canonical path: decoded, dot segments resolved, no query. */
  readonly path: string
  readonly fields: readonly Field[]
  readonly oddities: readonly Oddity[]
}
