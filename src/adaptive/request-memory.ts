import { hashText } from '../core/hash.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { isCompared } from './compared.ts'

const places = 65_536
const dayMs = 86_400_000

/**
 * Tells whether a request has come before today exactly like this, whoever sent it. 256 KB: of very many distinct
 * requests older ones are forgotten and count again.
 */
export function createRequestMemory(): (request: CanonicalRequest) => boolean {
  const seen = new Uint32Array(places)
  return (request) => {
    const hash = hashRequest(request)
    const place = (hash ^ (hash >>> 16)) & (places - 1)
    const isRepeat = seen[place] === hash
    seen[place] = hash
    return isRepeat
  }
}

/** Everything about a request that is compared, and the day. */
function hashRequest({ view, service, path, fields }: CanonicalRequest): number {
  let hash = hashText(path, hashText(view.method, hashText(service)))
  for (const field of fields) {
    if (isCompared(field)) hash = hashText(field.value, hashText(field.name, hash ^ field.value.length))
  }
  return (Math.imul(hash ^ Math.floor(view.receivedAtMs / dayMs), 0x9e3779b1) ^ (hash >>> 15)) >>> 0
}
