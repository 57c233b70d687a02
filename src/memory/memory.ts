// Memory cells: confirmed attacks recalled by their shape at the first request, on every node.
// Must not decide what happens to a request, keep a payload, or hold what is normal here.
import type { FieldLocation, Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import type { Field } from '../request/field.ts'

/** A confirmed attack, remembered by the shape of its payload and never by the payload itself. */
export type MemoryCell = {
  readonly id: string
  /** Short name of the family, taken from the rule or the evidence that confirmed it. */
  readonly family: string
  /** Hashes of folded character 4-grams that the attack has and self lacks. */
  readonly anchors: readonly number[]
  /** Share of the anchors that must be present for a recall. */
  readonly minAffinity: number
  /** Hashes of the phrases of its skeleton (`phrases.ts`), and the share of them that recalls; empty in older cells. */
  readonly phrases: readonly number[]
  readonly phraseAffinity: number
  /** Cell that it was cloned from, and how many mutations lie between it and the attack that was confirmed. */
  readonly parent: string | null
  readonly generation: number
  readonly location: FieldLocation
  /** Node at which it was born, and when (epoch milliseconds). */
  readonly origin: string
  readonly bornAtMs: number
  readonly expiresAtMs: number | null
  /** Reference id of the verdict that it comes from, and the kinds of evidence that confirmed it. */
  readonly bornFrom: string
  readonly confirmedBy: readonly string[]
  /** Values of self it was screened against before it could act. */
  readonly screenedAgainst: number
  readonly hits: number
  /** Times that a person said it was wrong. */
  readonly falsePositives: number
}

/** A value that two kinds of evidence, or a person, called an attack. */
export type ConfirmedAttack = {
  readonly location: FieldLocation
  /** Canonical text of the value. */
  readonly value: string
  readonly family: string
  readonly referenceId: string
  readonly confirmedBy: readonly string[]
}

/** Tells whether self has shown a folded 4-gram (`grams.ts`), so that a cell never holds what is normal here. */
export type SelfGrams = {
  readonly has: (gramHash: number) => boolean
  /** How many values of self stand behind the answer. */
  readonly size: () => number
}

/** Whether a text is known to be harmless here, by whatever else has learned self. */
export type SelfScreen = (text: string, recall: Recalled) => boolean

/** Where a value stands, `null` for nowhere yet, and how much of a remembered attack is in it. */
export type Recalled = { readonly place: Place | null; readonly affinity: number }

/** A value where it stands. */
export type Place = { readonly field: Field; readonly request: CanonicalRequest }

/** Where a clone comes from. */
export type Lineage = { readonly parent: string; readonly generation: number }

export type Memory = {
  /** Appends recalls. Synchronous. */
  readonly inspect: (request: CanonicalRequest, findings: Finding[]) => void
  /** Makes a cell unless one already covers the attack or too few of its anchors are foreign to self. */
  readonly remember: (attack: ConfirmedAttack) => MemoryCell | undefined
  /** Share of the best cell that recalls a value; 0 when none does. */
  readonly affinity: (value: string) => number
  /** Screens a clone against self, suppresses it when a cell recalls it already, and otherwise makes a cell of it. */
  readonly rememberClone: (clone: ConfirmedAttack, lineage: Lineage) => MemoryCell | undefined
  /** A person's word: the cell leaves every node and is not born again from the same attack while it would have lived. */
  readonly forget: (cellId: string, by: string) => boolean
  /** Compares all cells with self as it is now; returns how many stopped acting. To be called after learning. */
  readonly screen: () => number
  /** Cells that act at this node. */
  readonly cells: () => readonly MemoryCell[]
  /** Ends the subscription to the record log. */
  readonly close: () => void
}
