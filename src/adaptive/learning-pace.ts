import type { CanonicalRequest } from '../request/canonical-request.ts'

/** Requests of mature routes are learned no more often than this: all of them on a quiet service, few on a busy one. */
const matureEveryMs = 50
/** How often a request of a mature route is searched for fields that are not mature yet. */
const searchEveryMs = 10

/**
 * Tells which requests of mature routes are worth learning from: a few at a steady pace, and those that bring fields
 * which are still learned. Time is that of the requests.
 */
export function createLearningPace(
  hasImmatureField: (request: CanonicalRequest) => boolean,
): (request: CanonicalRequest) => boolean {
  let learnedAtMs = Number.NEGATIVE_INFINITY
  let searchedAtMs = Number.NEGATIVE_INFINITY
  return (request) => {
    const atMs = request.view.receivedAtMs
    if (isDue(atMs, learnedAtMs, matureEveryMs)) {
      learnedAtMs = atMs
      return true
    }
    if (!isDue(atMs, searchedAtMs, searchEveryMs)) return false
    searchedAtMs = atMs
    return hasImmatureField(request)
  }
}

/** Whether enough time has passed; a clock that stepped back counts as enough. */
function isDue(nowMs: number, lastMs: number, everyMs: number): boolean {
  return nowMs - lastMs >= everyMs || nowMs < lastMs
}
