import { isIPv6 } from 'node:net'
import { classifyHeader } from '../http/header-name.ts'
import { connectionTokens, type Head } from '../http/membrane.ts'
import type { Peer } from './peer.ts'

/** What of a request's forwarding headers is kept because the peer is trusted. */
type Route = { for: string; proto: string; host: string; forwarded: string; kept: string[] }

/**
 * The headers for the upstream, names and values in turn: everything meant for the next hop only is dropped, as is
 * what a peer that is not trusted says about where the request came from. Framing is left to whoever writes the request.
 */
export function upstreamHeaders(head: Head, rawHeaders: readonly string[], peer: Peer): string[] {
  const named = namedByConnection(head.connection)
  const headers: string[] = []
  const route: Route = { for: '', proto: '', host: '', forwarded: '', kept: headers }
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = rawHeaders[index + 1] ?? ''
    if (named?.includes(name.toLowerCase())) continue
    addHeader(route, { name, value, isTrusted: peer.isTrusted })
  }
  headers.push('x-forwarded-for', route.for === '' ? peer.address : `${route.for}, ${peer.address}`)
  headers.push('x-forwarded-proto', route.proto === '' ? 'http' : route.proto)
  const host = route.host === '' ? head.host : route.host
  if (host !== null) headers.push('x-forwarded-host', host)
  if (route.forwarded !== '') headers.push('forwarded', `${route.forwarded}, for=${forwardedNode(peer.address)}`)
  return headers
}

function addHeader(
  route: Route,
  { name, value, isTrusted }: { name: string; value: string; isTrusted: boolean },
): void {
  switch (classifyHeader(name)) {
    case 'other':
      addOther(route, name, value)
      return
    case 'host':
    case 'content-type':
    case 'content-encoding':
      route.kept.push(name, value)
      return
    case 'x-forwarded-for':
      if (isTrusted) route.for = append(route.for, value)
      return
    case 'x-forwarded-proto':
      if (isTrusted) route.proto = append(route.proto, value)
      return
    case 'x-forwarded-host':
      if (isTrusted) route.host = append(route.host, value)
      return
    case 'forwarded':
      if (isTrusted) route.forwarded = append(route.forwarded, value)
      return
    case 'other-forwarding':
      if (isTrusted) route.kept.push(name, value)
      return
    default:
      return
  }
}

function addOther(route: Route, name: string, value: string): void {
  const kept = isCookie(name) ? withoutAdminSession(value) : value
  if (kept !== '' || value === '') route.kept.push(name, kept)
}

const adminSession = 'thymus_session='

function isCookie(name: string): boolean {
  return name.length === 6 && name.toLowerCase() === 'cookie'
}

/** Cookies know no ports: a browser that has the dashboard open on this host would hand its session to the API. */
function withoutAdminSession(value: string): string {
  if (!value.includes(adminSession)) return value
  return value
    .split(';')
    .filter((pair) => !pair.trimStart().startsWith(adminSession))
    .join(';')
    .trimStart()
}

function append(list: string, value: string): string {
  return list === '' ? value : `${list}, ${value}`
}

/** RFC 7239, 6: an IPv6 address is bracketed and quoted. */
function forwardedNode(address: string): string {
  return isIPv6(address) ? `"[${address}]"` : address
}

/** Names that the Connection header declares to be for this hop only; `null` when there are none, as nearly always. */
function namedByConnection(connection: string | null): readonly string[] | null {
  if (connection === null || connection === 'keep-alive' || connection === 'close') return null
  return connectionTokens(connection)
}
