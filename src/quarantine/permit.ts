import type { Hold } from './hold.ts'

/** A slowed client gets one request through in this time. */
export const slowIntervalMs = 2_000

/** Whether a hold lets a request through, apart from the pace of a slowed client. */
export function permitsRequest(hold: Hold, method: string, route: string): boolean {
  switch (hold.rung) {
    case 'free':
    case 'watched':
    case 'slowed':
      return true
    case 'restricted':
      return isSafe(method) && hold.allowedRoutes.includes(`GET ${route}`)
    case 'isolated':
      return false
    default:
      return hold.rung satisfies never
  }
}

/** Safe methods (RFC 9110, 9.2.1) but TRACE. */
function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
