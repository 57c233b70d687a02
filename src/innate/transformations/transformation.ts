/** A pure rewriting of text that takes out what attackers put in between. Total and linear. */
export type Transformation = {
  readonly name: string
  /** For the table in docs/RULES.md. */
  readonly means: string
  readonly apply: (text: string) => string
  /** Lower-case ASCII strings of which one occurs in the text whenever `apply` changes more than case. */
  readonly triggers: readonly string[]
}
