import { canonicalText } from './canonical-text.ts'
import { wireText } from './decode/utf8.ts'

/** A path made plain. */
export type PlainPath = {
  /** As it came. */
  readonly wire: string
  /** Decoded, dot segments and empty segments resolved: what routes are matched against. */
  readonly resolved: string
  /** Decoded but not resolved, so that `..` can still be seen. */
  readonly decoded: string
}

const plainPath = /^(?:\/[\w\-~!$'()*+,;=:@][\w\-.~!$'()*+,;=:@]*)*\/?$/

/** Decodes and resolves a path (RFC 3986, 5.2.4), a backslash counting as a slash, as many servers take it. */
export function readPath(wire: string, maxDecodeDepth: number): PlainPath {
  if (plainPath.test(wire)) return { wire, resolved: wire === '' ? '/' : wire, decoded: wire }
  const decoded = canonicalText(wireText(wire).text, maxDecodeDepth).value
  return { wire, resolved: resolveSegments(decoded), decoded }
}

function resolveSegments(path: string): string {
  const output: string[] = []
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '..') output.pop()
    else if (segment !== '' && segment !== '.') output.push(segment)
  }
  const end = path.endsWith('/') && output.length > 0 ? '/' : ''
  return `/${output.join('/')}${end}`
}

/** Where the query starts in a request target, or its length; a fragment never belongs to either part. */
export function queryStart(target: string): number {
  const at = target.indexOf('?')
  return at === -1 ? target.length : at
}

/** The path of an origin-form or absolute-form target (RFC 9112, 3.2), without the query. */
export function targetPath(target: string): string {
  const path = target.slice(0, queryStart(target))
  if (path.startsWith('/')) return path
  const scheme = path.indexOf('://')
  if (scheme === -1) return path
  const slash = path.indexOf('/', scheme + 3)
  return slash === -1 ? '/' : path.slice(slash)
}
