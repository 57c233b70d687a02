/** Rungs of the ladder, least severe first. */
export const rungs = ['free', 'watched', 'slowed', 'restricted', 'isolated'] as const
export type Rung = (typeof rungs)[number]
/** Rungs on which something is withheld from the client. */
export type HeldRung = Exclude<Rung, 'free' | 'watched'>

/** What a hold stands on. One kind of evidence is never more than a short slowing down. */
export type Basis = 'one-kind' | 'two-kinds'

/** Where a client stands. What a state does not have cannot be read. */
export type Standing =
  | {
      readonly kind: 'free'
      readonly sinceMs: number
      /** Holds on two kinds of evidence so far; forgotten after `maxTtlMs` of freedom. */
      readonly count: number
      /** Until then one kind of evidence cannot slow the client again. */
      readonly restUntilMs: number
    }
  | {
      readonly kind: 'watched'
      readonly sinceMs: number
      readonly untilMs: number
      readonly count: number
      readonly restUntilMs: number
      readonly clean: number
    }
  | {
      readonly kind: 'held'
      readonly rung: HeldRung
      readonly basis: Basis
      readonly by: 'machine' | 'person'
      readonly sinceMs: number
      readonly untilMs: number
      readonly count: number
      /** Clean requests in a row. */
      readonly clean: number
    }
  /** A person let it go: the machine keeps its hands off until then, whatever it sees. */
  | { readonly kind: 'pardoned'; readonly untilMs: number }
  | { readonly kind: 'exempt'; readonly untilMs: number | null }

export type StandingEvent =
  /** Evidence that is worth a rung; `jitter` in [0, 1). */
  | {
      readonly kind: 'accused'
      readonly atMs: number
      readonly rung: Exclude<Rung, 'free'>
      readonly basis: Basis
      readonly jitter: number
    }
  | { readonly kind: 'acquitted'; readonly atMs: number }
  | { readonly kind: 'passed'; readonly atMs: number }
  | { readonly kind: 'released'; readonly atMs: number }
  | { readonly kind: 'extended'; readonly atMs: number; readonly byMs: number }
  | { readonly kind: 'exempted'; readonly atMs: number; readonly untilMs: number | null }
  | { readonly kind: 'unexempted'; readonly atMs: number }

export type LadderPolicy = {
  readonly ttlMs: number
  readonly maxTtlMs: number
  readonly releaseAfterClean: number
}

type Accusation = Extract<StandingEvent, { kind: 'accused' }>
type Held = Extract<Standing, { kind: 'held' }>
type Loose = Extract<Standing, { kind: 'free' | 'watched' }>

export function freeStanding(sinceMs: number): Standing {
  return { kind: 'free', sinceMs, count: 0, restUntilMs: 0 }
}

/**
 * The state machine of a client. Total: every event leads somewhere from every state; time that passed is taken into
 * account first. Returns the same object when nothing changes.
 */
export function nextHold(standing: Standing, event: StandingEvent, policy: LadderPolicy): Standing {
  const state = afterTime(standing, event.atMs, policy)
  switch (event.kind) {
    case 'passed':
      return state
    case 'accused':
      return accuse(state, event, policy)
    case 'acquitted':
      return acquit(state, event.atMs, policy)
    case 'released':
      return release(state, event.atMs, policy)
    case 'extended':
      return state.kind === 'held' ? extend(state, event, policy) : state
    case 'exempted':
      return { kind: 'exempt', untilMs: event.untilMs }
    case 'unexempted':
      return state.kind === 'exempt' ? freeStanding(event.atMs) : state
    default:
      return unreachable(event)
  }
}

/** Length of the hold after `count` others: four times longer each, jittered by 10 %, never above the cap. */
export function holdLength(count: number, jitter: number, policy: LadderPolicy): number {
  const shortest = Math.min(policy.ttlMs, policy.maxTtlMs)
  const plain = shortest * 4 ** Math.min(count, 20)
  return Math.max(1, Math.min(policy.maxTtlMs, Math.round(plain * (0.9 + 0.2 * jitter))))
}

/** Length of a hold on one kind of evidence: the shortest there is, at most. */
function shortestLength(jitter: number, policy: LadderPolicy): number {
  return Math.min(policy.ttlMs, policy.maxTtlMs, holdLength(0, jitter, policy))
}

function afterTime(standing: Standing, atMs: number, policy: LadderPolicy): Standing {
  switch (standing.kind) {
    case 'free':
      return standing.count > 0 && atMs - standing.sinceMs >= policy.maxTtlMs ? { ...standing, count: 0 } : standing
    case 'watched':
      return atMs >= standing.untilMs ? setFree(standing, standing.untilMs, policy) : standing
    case 'held':
      return atMs >= standing.untilMs ? afterTime(setFree(standing, standing.untilMs, policy), atMs, policy) : standing
    case 'pardoned':
      return atMs >= standing.untilMs ? freeStanding(standing.untilMs) : standing
    case 'exempt':
      return standing.untilMs !== null && atMs >= standing.untilMs ? freeStanding(standing.untilMs) : standing
    default:
      return unreachable(standing)
  }
}

function accuse(state: Standing, event: Accusation, policy: LadderPolicy): Standing {
  switch (state.kind) {
    case 'pardoned':
    case 'exempt':
      return state
    case 'free':
    case 'watched':
      return accuseLoose(state, event, policy)
    case 'held':
      return accuseHeld(state, event, policy)
    default:
      return unreachable(state)
  }
}

function accuseLoose(state: Loose, event: Accusation, policy: LadderPolicy): Standing {
  const { atMs, basis, jitter, rung } = event
  const isTooSoon = basis === 'one-kind' && atMs < state.restUntilMs
  if (rung === 'watched' || isTooSoon) return watch(state, event, policy)
  // One kind of evidence slows down and no more, whatever it asks for.
  if (basis === 'one-kind') {
    const untilMs = atMs + shortestLength(jitter, policy)
    return { kind: 'held', rung: 'slowed', basis, by: 'machine', sinceMs: atMs, untilMs, count: state.count, clean: 0 }
  }
  const untilMs = atMs + holdLength(state.count, jitter, policy)
  return { kind: 'held', rung, basis, by: 'machine', sinceMs: atMs, untilMs, count: state.count + 1, clean: 0 }
}

function watch(state: Loose, event: Accusation, policy: LadderPolicy): Standing {
  const untilMs = event.atMs + shortestLength(event.jitter, policy)
  const sinceMs = state.kind === 'watched' ? state.sinceMs : event.atMs
  return { kind: 'watched', sinceMs, untilMs, count: state.count, restUntilMs: state.restUntilMs, clean: 0 }
}

function accuseHeld(state: Held, event: Accusation, policy: LadderPolicy): Standing {
  if (state.by === 'person') return state
  const stays = state.clean === 0 ? state : { ...state, clean: 0 }
  if (event.basis === 'one-kind' || event.rung === 'watched') return stays
  const isHigher = rungs.indexOf(event.rung) > rungs.indexOf(state.rung)
  if (state.basis === 'two-kinds' && !isHigher) return stays
  const earlier = state.basis === 'two-kinds' ? Math.max(0, state.count - 1) : state.count
  return {
    ...state,
    rung: isHigher ? event.rung : state.rung,
    basis: 'two-kinds',
    untilMs: Math.max(state.untilMs, event.atMs + holdLength(earlier, event.jitter, policy)),
    count: earlier + 1,
    clean: 0,
  }
}

function acquit(state: Standing, atMs: number, policy: LadderPolicy): Standing {
  if (state.kind === 'watched') {
    const clean = state.clean + 1
    return clean < policy.releaseAfterClean ? { ...state, clean } : setFree(state, atMs, policy)
  }
  if (state.kind !== 'held' || state.by === 'person') return state
  const clean = state.clean + 1
  if (clean < policy.releaseAfterClean) return { ...state, clean }
  if (state.rung !== 'slowed') return { ...state, clean: 0, rung: state.rung === 'isolated' ? 'restricted' : 'slowed' }
  const restUntilMs = restAfter(state, policy)
  return { kind: 'watched', sinceMs: atMs, untilMs: state.untilMs, count: state.count, restUntilMs, clean: 0 }
}

function release(state: Standing, atMs: number, policy: LadderPolicy): Standing {
  if (state.kind !== 'held' && state.kind !== 'watched') return state
  return { kind: 'pardoned', untilMs: atMs + policy.ttlMs }
}

function extend(state: Held, event: { readonly atMs: number; readonly byMs: number }, policy: LadderPolicy): Standing {
  const untilMs = Math.min(state.untilMs + Math.max(0, event.byMs), event.atMs + policy.maxTtlMs)
  return { ...state, by: 'person', untilMs, clean: 0 }
}

function setFree(state: Exclude<Loose, { kind: 'free' }> | Held, atMs: number, policy: LadderPolicy): Standing {
  const restUntilMs = state.kind === 'held' ? restAfter(state, policy) : state.restUntilMs
  return { kind: 'free', sinceMs: atMs, count: state.count, restUntilMs }
}

function restAfter(state: Held, policy: LadderPolicy): number {
  return state.basis === 'one-kind' ? state.untilMs + policy.ttlMs : 0
}

function unreachable(value: never): never {
  throw new Error(`no such case: ${JSON.stringify(value)}`)
}
