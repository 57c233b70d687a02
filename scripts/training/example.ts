/** One value to learn from. */
export type Example = {
  readonly text: string
  readonly isAttack: boolean
  /** Where it comes from and what it is; kinds with many examples weigh less each. */
  readonly kind: string
  /** Examples of one group are variants of each other, and never both learned from and measured on. */
  readonly group: string
}
