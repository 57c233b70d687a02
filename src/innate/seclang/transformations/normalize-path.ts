import { scratch, textOf } from '../byte-strings.ts'
import type { SecTransformation } from './sec-transformation.ts'

const slash = 47
const dot = 46

/**
 * On Windows every backslash is a slash from the start. The reference turns them as it goes and leaves one after a run of
 * slashes (`a/\\b` becomes `a\b`), which would hide a path from rules that look for slashes.
 */
function createNormalizePath(name: string, isWindows: boolean): SecTransformation {
  const about = isWindows ? /\\|\/\/|(?:^|[/.])\.(?:\/|$)/ : /\/\/|(?:^|[/.])\.(?:\/|$)/
  return {
    name,
    means: `Removes repeated slashes, self-references and back-references${isWindows ? '; backslashes are slashes' : ''}.`,
    apply: (text) => (about.test(text) ? normalize(isWindows ? text.replaceAll('\\', '/') : text, text) : text),
    triggers: isWindows ? ['\\', '//', '.'] : ['//', '.'],
  }
}

/**
 * The path as read and the path as written. What the last bytes written are decides whether a dot is a reference, as the
 * reference has it: `a..` at the end of a segment counts as a back-reference too.
 */
type Walk = {
  readonly text: string
  readonly isRelative: boolean
  readonly out: Buffer
  from: number
  to: number
  /** A back-reference had nothing left to go back to. */
  isAtRoot: boolean
}

function normalize(text: string, original: string): string {
  const last = text.length - 1
  const isRelative = text.charCodeAt(0) !== slash
  const walk: Walk = { text, isRelative, out: scratch(text.length + 1), from: 0, to: 0, isAtRoot: false }
  const { out } = walk
  while (walk.from <= last) {
    const isEnd = walk.from === last
    const isSegmentEnd = isEnd || text.charCodeAt(walk.from + 1) === slash
    if (isSegmentEnd && endSegment(walk, isEnd)) break
    if (text.charCodeAt(walk.from) === slash) {
      while (walk.from < last && text.charCodeAt(walk.from + 1) === slash) walk.from += 1
      if (isRelative && walk.to === 0) {
        walk.from += 1
        continue
      }
    }
    out[walk.to++] = text.charCodeAt(walk.from++)
  }
  const hasSlash = walk.to > 0 && out[walk.to - 1] === slash
  return textOf(out, hasSlash && text.charCodeAt(last) !== slash ? walk.to - 1 : walk.to, original)
}

/** Takes back what the reference that ends here refers to. True when that ends the path. */
function endSegment(walk: Walk, isEnd: boolean): boolean {
  const { out, to } = walk
  const code = walk.text.charCodeAt(walk.from)
  if (code === slash && !isEnd) return false
  if (code !== dot) {
    if (to > 0) walk.isAtRoot = false
    return false
  }
  if (to > 0 && out[to - 1] === dot) {
    if (walk.isRelative && (walk.isAtRoot || to <= 2)) {
      walk.isAtRoot = true
      return false
    }
    dropSegment(walk, isEnd)
  } else if (to > 0 && out[to - 1] === slash) {
    if (!isEnd) walk.to -= 1
  } else if (to > 0) {
    return false
  }
  walk.from += 1
  return isEnd
}

function dropSegment(walk: Walk, isEnd: boolean): void {
  let to = walk.to - 3
  while (to > 0 && walk.out[to] !== slash) to -= 1
  walk.to = Math.max(0, to)
  if (to > 0) return
  walk.isAtRoot = true
  // The root itself stays when the path ends here.
  if (!walk.isRelative && isEnd) walk.to = 1
}

export const normalizePath = createNormalizePath('normalizePath', false)
export const normalizePathWin = createNormalizePath('normalizePathWin', true)
/** The names before the reference manual settled on American spelling. */
export const normalisePath = createNormalizePath('normalisePath', false)
export const normalisePathWin = createNormalizePath('normalisePathWin', true)
