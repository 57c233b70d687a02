import { malformed, type Rejection } from './rejection.ts'

/** Visible ASCII, none of which another server may take for a delimiter: `#` and `\` are read differently by many. */
const safeTarget = /^[!"$-[\]-~]+$/
const absoluteForm = /^(https?):\/\/([^/?]*)(.*)$/i
/** Registered name, IPv4 or bracketed IPv6 with an optional port; no user information, no list. */
const safeHost = /^(?:[\w.~!$&'()*+;=%-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/i

/** The target in origin form (`/path?query`), or why it is refused. */
export function originForm(target: string, host: string | null): string | Rejection {
  if (!safeTarget.test(target)) return malformed('The request target holds a character that must not be there.')
  if (target.charCodeAt(0) === 0x2f) return target
  const match = absoluteForm.exec(target)
  if (match === null) return malformed('The request target is neither a path nor an http URL.')
  const [, scheme = '', authority = '', rest = ''] = match
  if (host === null || withoutDefaultPort(authority, scheme) !== withoutDefaultPort(host, scheme)) {
    return malformed('The request target names another host than the Host header.')
  }
  return rest.charCodeAt(0) === 0x2f ? rest : `/${rest}`
}

export function isSafeHost(host: string): boolean {
  return safeHost.test(host)
}

function withoutDefaultPort(authority: string, scheme: string): string {
  const lower = authority.toLowerCase()
  const suffix = scheme.toLowerCase() === 'https' ? ':443' : ':80'
  return lower.endsWith(suffix) ? lower.slice(0, -suffix.length) : lower
}
