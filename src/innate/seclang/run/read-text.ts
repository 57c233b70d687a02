/** A text with all that is known about it. */
export type ReadText = {
  readonly text: string
  /** Conditions that can match it at all, as bits. */
  candidates: Int32Array
  /** Triggers of transformations that occur in it; all of them when it was not scanned. */
  triggers: number
  /** Which of the transformations that had to be applied changed it, as bits; all of them when it was not scanned. */
  unsteady: number
  /** The text at each node of the tree, as far as asked for. */
  forms: (string | undefined)[] | null
  /** Conditions judged so far and what came out, as bits; only for texts that are kept. */
  judged: Int32Array | null
  answers: Int32Array | null
  /** What conditions captured of it. */
  groups: Map<number, readonly string[]> | null
}
