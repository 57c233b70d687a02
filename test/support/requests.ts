import type { Client } from '../../src/core/client.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import type { Field } from '../../src/request/field.ts'
import { openSegmentsOf, type Route } from '../../src/request/route.ts'

/** A client as identity would name it. */
export function clientNamed(name: string, address = '198.51.100.7'): Client {
  return { id: `address:${name}`, kind: 'address', address, source: `address:${name}` }
}

export type RequestSketch = {
  readonly client: Client
  readonly method?: string
  readonly template: string
  readonly path: string
  /** -1 for a route that self has not shown. */
  readonly routeId?: number
  readonly fields?: readonly Pick<Field, 'location' | 'name' | 'value'>[]
  readonly rawHeaders?: readonly string[]
}

/** A canonical request with as little in it as a test needs. */
export function sketchRequest(sketch: RequestSketch): CanonicalRequest {
  const { client, method = 'GET', path, rawHeaders = [], routeId = 1, template } = sketch
  const route: Route = { id: routeId, service: 'api', method, template, openSegments: openSegmentsOf(template) }
  const fields = (sketch.fields ?? []).map((field) => ({
    ...field,
    slot: 0,
    sharedSlot: 0,
    raw: field.value,
    decodeDepth: 0,
    flags: 0,
    memo: 0,
  }))
  return {
    view: {
      method,
      target: path,
      rawHeaders,
      body: null,
      isBodyCut: false,
      remoteAddress: client.address,
      receivedAtMs: 0,
    },
    client,
    hints: { authorization: null, cookie: null, userAgent: '', forwardedFor: null, principal: null, apiKey: null },
    service: 'api',
    route,
    path,
    fields,
    oddities: [],
  }
}
