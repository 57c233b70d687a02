import type { Subject } from '../../operators/operator.ts'
import type { Macro } from '../macro.ts'

/** The argument of an operator for each call: the text itself, or with its macros filled in. */
export type Argument = {
  /** `null` when only a request can tell. */
  readonly fixed: string | null
  readonly of: (subject: Subject) => string
}

export function createArgument(argument: Macro): Argument {
  if (typeof argument === 'string') return { fixed: argument, of: () => argument }
  return { fixed: null, of: (subject) => subject.expand?.(argument) ?? '' }
}

/** For operators whose argument is read when the rules are: throws for an argument with macros. */
export function requireFixed(name: string, argument: Macro): string {
  if (typeof argument === 'string') return argument
  throw new Error(`@${name} cannot take a macro such as %{tx.name}, because its argument is read at the start`)
}
