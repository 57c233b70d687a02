import type { Operator } from './operators/operator.ts'
import type { Targets } from './targets.ts'
import type { Transformation } from './transformations/transformation.ts'

/** How bad a match is; the score is what one match adds. */
export const severityScores = { critical: 0.9, error: 0.5, warning: 0.3, notice: 0.15 } as const
export type Severity = keyof typeof severityScores

/** When a rule can be judged: from the request head alone, with its body, with the head or the body of the answer. */
export type Phase = 'head' | 'body' | 'response-head' | 'response-body' | 'logging'

/** One question about the text of a target. A rule holds when all of its conditions hold. */
export type Question<T> = {
  readonly targets: T
  readonly transformations: readonly Transformation[]
  readonly operator: Operator
  readonly isNegated: boolean
}

/** A question about canonical fields, as the YAML language asks it. */
export type Condition = Question<Targets> & {
  /** True: asked of the very value that the first condition held for. False: any value of its targets will do. */
  readonly isSameValue: boolean
}

/** A sample request that a rule must, or must not, match. */
export type RuleCase =
  | { readonly kind: 'value'; readonly in: string | null; readonly value: string }
  | {
      readonly kind: 'request'
      readonly method: string
      readonly target: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string | null
    }

/** A rule ready to run, whichever language it was written in; the languages differ in what a question may look at. */
export type Rule<C extends Question<unknown> = Condition> = {
  readonly id: string
  readonly family: string
  readonly title: string
  readonly severity: Severity
  readonly score: number
  readonly paranoia: number
  readonly phase: Phase
  readonly tags: readonly string[]
  readonly isShadow: boolean
  readonly file: string
  readonly line: number
  /** Never empty; the first one leads. */
  readonly conditions: readonly [C, ...C[]]
  /**
   * Groups of lower-case strings: a member of each group occurs in the transformed text whenever the leading condition
   * holds. Empty when nothing is known; the rule then runs on every value of its targets.
   */
  readonly keywords: readonly (readonly string[])[]
  readonly cases: { readonly attack: readonly RuleCase[]; readonly benign: readonly RuleCase[] }
}
