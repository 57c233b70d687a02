import { createThymus, type Thymus } from '../../src/app.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import type { RequestView } from '../../src/request/request-view.ts'
import type { Benchmark } from './benchmark.ts'
import { type LoadName, type LoadRequest, makeLoad } from './end-to-end/loads.ts'

/** A Thymus in enforce mode that was taught the ordinary traffic of the loads; nothing on disk, no pace limits. */
export async function maturedThymus(upstream: string | null = null): Promise<Thymus> {
  const thymus = await createThymus(
    {
      mode: 'enforce',
      upstream,
      listen: { host: '127.0.0.1', port: 0 },
      trustedProxies: ['127.0.0.1'],
      innate: { requestsPerSecond: null, routeRequestsPerSecond: null },
      telemetry: { level: 'error' },
    },
    { isPersistent: false },
  )
  const { adaptive } = thymus.parts()
  for (const request of makeLoad('c', 4_000, 7)) adaptive.learnVetted(canonicalOf(thymus, viewOf(request)))
  return thymus
}

/** A request of a load as the gateway would hand it to the engine. */
export function viewOf(request: LoadRequest): RequestView {
  return {
    method: request.method,
    target: request.path,
    rawHeaders: Object.entries(request.headers).flat(),
    body: request.body === undefined ? null : Buffer.from(request.body),
    isBodyCut: false,
    remoteAddress: '127.0.0.1',
    receivedAtMs: Date.now(),
  }
}

export function canonicalOf(thymus: Thymus, view: RequestView): CanonicalRequest {
  const { canonicalize, readHead } = thymus.parts()
  return canonicalize(view, readHead(view))
}

/** Views of a load, varied enough that no cache holds them all. */
export function viewsOf(load: LoadName): readonly RequestView[] {
  return makeLoad(load, 200, 11).map(viewOf)
}

/** The least that can be done with a request: look at every byte of its headers and body once. */
function touchBytes(view: RequestView): number {
  let sum = 0
  for (const text of view.rawHeaders) for (let at = 0; at < text.length; at += 1) sum = (sum + text.charCodeAt(at)) | 0
  for (const byte of view.body ?? []) sum = (sum + byte) | 0
  return sum
}

/** A benchmark over all requests of a load, against one look at each of their bytes. */
export function againstBytes(
  name: string,
  views: readonly RequestView[],
  candidate: { readonly name: string; readonly run: (index: number) => number },
): Benchmark {
  // Keeps results alive.
  let kept = 0
  return {
    name,
    opsPerRun: views.length,
    baseline: {
      name: 'one look at each byte',
      run: () => {
        for (const view of views) kept = (kept + touchBytes(view)) | 0
      },
    },
    candidate: {
      name: candidate.name,
      run: () => {
        for (let index = 0; index < views.length; index += 1) kept = (kept + candidate.run(index)) | 0
      },
    },
  }
}
