import type { OperatorText } from '../parse/operator-text.ts'
import type { Position } from '../parse/position.ts'
import type { VariableSelector } from '../program.ts'
import type { ActionSink } from './action-sink.ts'

/** One SecRule or SecAction that has been read. */
export type LinkDraft = {
  readonly at: Position
  /** As written, for people. */
  readonly source: string[]
  readonly included: VariableSelector[]
  readonly excluded: VariableSelector[]
  /** null: a SecAction. */
  readonly operator: OperatorText | null
  readonly sink: ActionSink
}
