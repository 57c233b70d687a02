import { decodePercent } from './byte-text.ts'

/** What a request target says, as libmodsecurity takes it apart. */
export type TargetParts = {
  /** REQUEST_URI: without scheme, host and fragment, decoded once. ModSecurity 2 does not decode it. */
  readonly uri: string
  /** REQUEST_FILENAME and PATH_INFO: decoded first, then cut at the question mark. */
  readonly path: string
  readonly basename: string
  /** Not decoded; '' when there is none. */
  readonly query: string
}

export function readTarget(target: string): TargetParts {
  const hash = target.indexOf('#')
  const raw = hash === -1 ? target : target.slice(0, hash)
  const decoded = decodePercent(raw)
  const question = raw.indexOf('?')
  const decodedQuestion = decoded === raw ? question : decoded.indexOf('?')
  const path = decodedQuestion === -1 ? decoded : decoded.slice(0, decodedQuestion)
  const lastSlash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return {
    uri: withoutOrigin(decoded),
    path,
    basename: lastSlash === -1 ? '' : path.slice(lastSlash + 1),
    query: question === -1 ? '' : raw.slice(question + 1),
  }
}

/** `http://host/path` without `http://host`; other forms stay. */
function withoutOrigin(uri: string): string {
  if (uri === '' || uri.startsWith('/')) return uri
  const colon = uri.indexOf(':')
  if (colon === -1 || !uri.startsWith('//', colon + 1)) return uri
  const slash = uri.indexOf('/', colon + 3)
  return slash === -1 ? uri : uri.slice(slash)
}
