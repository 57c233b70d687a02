import type { CanonicalRequest } from '../../src/request/canonical-request.ts'

/** A request with one query parameter of this canonical value; no room of request/ is involved. */
export function requestWith(...values: string[]): CanonicalRequest {
  return {
    view: {
      method: 'GET',
      target: '/search',
      rawHeaders: [],
      body: null,
      isBodyCut: false,
      remoteAddress: '192.0.2.1',
      receivedAtMs: 0,
    },
    client: { id: 'address:192.0.2.1', kind: 'address', address: '192.0.2.1', source: '192.0.2.1' },
    hints: { authorization: null, cookie: null, userAgent: '', forwardedFor: null, principal: null, apiKey: null },
    service: 'api',
    route: { id: 0, service: 'api', method: 'GET', template: '/search', openSegments: [] },
    path: '/search',
    fields: values.map((value) => ({
      slot: -1,
      sharedSlot: -1,
      location: 'query' as const,
      name: 'q',
      raw: value,
      value,
      decodeDepth: 0,
      flags: 0,
      memo: 0,
    })),
    oddities: [],
  }
}
