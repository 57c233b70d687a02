import type { Transformation } from '../../transformations/transformation.ts'

/**
 * A transformation of SecLang. Takes and gives byte strings (one character per byte), is total and linear, and gives
 * back the very text it was given when it changes nothing. Empty `triggers` mean that nothing is known about when it
 * changes a text, unless `isCaseOnly`.
 */
export type SecTransformation = Transformation & {
  /** Never changes more than the case of ASCII letters. */
  readonly isCaseOnly?: true
}
