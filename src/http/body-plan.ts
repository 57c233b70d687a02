import type { Config } from '../config/schema.ts'
import { mediaTypeOf } from '../request/media-type.ts'
import type { Head } from './membrane.ts'
import { malformed, type Rejection, tooLarge } from './rejection.ts'

export type BodyEncoding = 'identity' | 'gzip' | 'deflate' | 'br'

/** How a body is to be read. */
export type BodyPlan = {
  readonly kind: 'plan'
  /** Bytes to collect for inspection. */
  readonly collectBytes: number
  /** True when a body beyond `collectBytes` is refused; false when the rest is streamed on. */
  readonly isBounded: boolean
  readonly encoding: BodyEncoding
  /** Largest size after decompression. */
  readonly maxInspectedBytes: number
}

/** Of a type that nobody parses only the beginning is looked at. */
const opaquePrefixBytes = 65_536

type BodyClass = 'parsed' | 'multipart' | 'opaque'

/** Says how the body of a request is read; `null` when it has none. */
export function planBody(head: Head, limits: Config['request']): BodyPlan | Rejection | null {
  if (head.length === 0) return null
  const encoding = encodingOf(head.contentEncoding)
  if (encoding === null) return malformed('The Content-Encoding of the request body is not supported.', 415)
  if (head.length > limits.maxBodyBytes) return tooLarge('The request body is too large.')
  const bodyClass = classifyBody(head.contentType)
  const isBounded = bodyClass === 'parsed' || (bodyClass === 'multipart' && encoding !== 'identity')
  const { maxInspectedBytes } = limits
  if (isBounded && head.length > maxInspectedBytes) return tooLarge('The request body is too large for its type.')
  const collectBytes = bodyClass === 'opaque' ? Math.min(opaquePrefixBytes, maxInspectedBytes) : maxInspectedBytes
  return { kind: 'plan', collectBytes, isBounded, encoding, maxInspectedBytes }
}

/** The encoding that a Content-Encoding names; `null` for one that is not known. */
export function encodingOf(contentEncoding: string | null): BodyEncoding | null {
  switch (contentEncoding) {
    case null:
    case '':
    case 'identity':
      return 'identity'
    case 'gzip':
    case 'x-gzip':
      return 'gzip'
    case 'deflate':
      return 'deflate'
    case 'br':
      return 'br'
    default:
      return null
  }
}

const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/
const parsedSubtype = /^(?:json.*|.*json|xml|.*[+-]xml|x-www-form-urlencoded|graphql.*)$/

/** A type that is missing, not a media type, or parsed by servers must fit into the inspected size. */
export function classifyBody(contentType: string | null): BodyClass {
  if (contentType === null) return 'parsed'
  if (contentType === 'application/json') return 'parsed'
  const type = mediaTypeOf(contentType)
  if (!mediaType.test(type)) return 'parsed'
  if (type.startsWith('multipart/')) return 'multipart'
  if (type.startsWith('text/')) return 'parsed'
  return parsedSubtype.test(type.slice(type.indexOf('/') + 1)) ? 'parsed' : 'opaque'
}
