/** How an evaluation departs from plain teaching and asking. */
export type Protocol = {
  /** Of everything that is left to chance here; the engine has its own. */
  readonly seed: number
  /** Characters of harmless text before each payload, within the same value; 0 for none. */
  readonly padCharacters: number
  /** Cold start: at most so many teaching requests per group, chosen by chance; `null` for all. */
  readonly learnAtMost: number | null
  /** Share of the attacks that is scored, chosen by chance. */
  readonly attackShare: number
  /** Ordinary teaching, with attacks in it; `null` for vetted teaching. */
  readonly poison: Poison | null
}

export const poisonKinds = ['spread', 'field', 'burst'] as const

/**
 * `spread`: over all of the learning time; `field`: the same, all of it in the field that fewest requests of the group
 * have; `burst`: within one time slice, early, when nothing acts yet.
 */
export type PoisonKind = (typeof poisonKinds)[number]

export type Poison = {
  /** Attacks among all requests that are sent while learning; 0 is the control: ordinary teaching and no attack. */
  readonly share: number
  readonly sources: number
  readonly kind: PoisonKind
  /** Length of a time slice of the engine. */
  readonly sliceMs: number
}

export const plainProtocol: Protocol = { seed: 1, padCharacters: 0, learnAtMost: null, attackShare: 1, poison: null }
