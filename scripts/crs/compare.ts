// The same bytes to two engines: do the same rules match?
import type { MadeRequest } from './random-traffic.ts'
import type { Surface } from './surface.ts'

export type Difference = {
  readonly request: string
  readonly onlyReference: readonly number[]
  readonly onlyOurs: readonly number[]
}

export type Comparison = {
  readonly compared: number
  readonly same: number
  /** Requests of which both engines saw some rule match. */
  readonly withMatches: number
  /** Requests that a server refused before any rule ran; they are not compared. */
  readonly refused: number
  /** Requests after which the reference's log could not be read whole; they are not compared. */
  readonly unreadable: number
  readonly differences: readonly Difference[]
}

export type Engines = { readonly reference: Surface; readonly ours: Surface }

export async function compareEngines(
  requests: readonly MadeRequest[],
  { reference, ours }: Engines,
  ignored: ReadonlySet<number>,
): Promise<Comparison> {
  const differences: Difference[] = []
  let refused = 0
  let unreadable = 0
  let withMatches = 0
  for (const { name, bytes } of requests) {
    const theirs = await reference.send(bytes)
    const own = await ours.send(bytes)
    if (theirs.isRefused || own.isRefused || theirs.isError || own.isError) {
      refused += 1
      continue
    }
    if (theirs.isCut === true) {
      unreadable += 1
      continue
    }
    const difference = differenceOf(name, { theirs: idsOf(theirs, ignored), own: idsOf(own, ignored) })
    if (difference !== null) differences.push(difference)
    if (idsOf(theirs, ignored).size > 0 && idsOf(own, ignored).size > 0) withMatches += 1
  }
  const compared = requests.length - refused - unreadable
  return { compared, same: compared - differences.length, withMatches, refused, unreadable, differences }
}

function idsOf(
  { logged }: { readonly logged: readonly { readonly id: number }[] },
  ignored: ReadonlySet<number>,
): Set<number> {
  return new Set(logged.map(({ id }) => id).filter((id) => !ignored.has(id)))
}

function differenceOf(request: string, sets: { theirs: Set<number>; own: Set<number> }): Difference | null {
  const onlyReference = [...sets.theirs].filter((id) => !sets.own.has(id))
  const onlyOurs = [...sets.own].filter((id) => !sets.theirs.has(id))
  return onlyReference.length + onlyOurs.length === 0 ? null : { request, onlyReference, onlyOurs }
}

/** How many differences each rule has a part in, most first. */
export function byRule(differences: readonly Difference[]): { readonly rule: string; readonly requests: number }[] {
  const counts = new Map<string, number>()
  for (const { onlyReference, onlyOurs } of differences) {
    for (const id of onlyReference)
      counts.set(`${id} only in the reference`, (counts.get(`${id} only in the reference`) ?? 0) + 1)
    for (const id of onlyOurs) counts.set(`${id} only here`, (counts.get(`${id} only here`) ?? 0) + 1)
  }
  return [...counts].map(([rule, requests]) => ({ rule, requests })).sort((a, b) => b.requests - a.requests)
}
