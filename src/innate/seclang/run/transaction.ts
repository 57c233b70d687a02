/**
 * Folder run: executes a compiled SecLang program on one message after the other, as ModSecurity 3 does.
 * It must not parse rule files, read bodies or decide for the gateway; it says what matched and what the rules want.
 */
import type { Span } from '../../operators/operator.ts'
import type { OrderedRule, PhaseNumber } from '../program.ts'

/** What a rule wants done with the message; `ruleId` is '' when a body is beyond a limit that says so. */
export type Interruption =
  | { readonly kind: 'deny'; readonly status: number; readonly ruleId: string; readonly phase: PhaseNumber }
  | { readonly kind: 'drop'; readonly ruleId: string; readonly phase: PhaseNumber }
  | {
      readonly kind: 'redirect'
      readonly status: number
      readonly location: string
      readonly ruleId: string
      readonly phase: PhaseNumber
    }

/** A rule whose whole chain matched. Of several values that match, the last one is shown, as the reference logs it. */
export type RuleMatch = {
  readonly rule: OrderedRule
  readonly phase: PhaseNumber
  /** With macros filled in; '' when the rule has none, or is not logged. */
  readonly message: string
  readonly logData: string
  /** Full name of the variable, `ARGS:q`; '' for a SecAction. */
  readonly variable: string
  /** What the first link of the chain matched; the same for a rule without a chain. */
  readonly firstVariable: string
  /** The value as the operator saw it, after transformations. */
  readonly value: string
  /** Where in the value it matched. */
  readonly span: Span
  readonly isLogged: boolean
  /** Whether it ended the phase by itself: deny, drop or redirect with the engine on. */
  readonly isDisruptive: boolean
}

/** A rule that could not be judged because of a defect in this program; `null` when it is not about one rule. */
export type RuleFault = { readonly rule: OrderedRule | null; readonly reason: string }

/** One request with its answer on its way through the phases. Each phase runs at most once; none ever throws. */
export type Transaction = {
  readonly requestHead: () => Interruption | null
  readonly requestBody: () => Interruption | null
  readonly responseHead: (status: number, rawHeaders: readonly string[], protocol?: string) => Interruption | null
  readonly responseBody: (body: Uint8Array) => Interruption | null
  /** Phase 5; runs even after an interruption and never makes one. */
  readonly log: () => void
  /** In the order in which they matched, rules that are not logged among them. */
  readonly matches: readonly RuleMatch[]
  readonly faults: readonly RuleFault[]
  readonly interruption: () => Interruption | null
  /** Whether testing stopped because the message took too much work. */
  readonly isOverWork: () => boolean
  /** What the tests cost so far, in characters read. */
  readonly work: () => number
  /** Value of a transaction variable (`TX:name`), for tests and explanations. */
  readonly variable: (name: string) => string | null
}
