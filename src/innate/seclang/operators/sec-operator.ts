import type { Operator } from '../../operators/operator.ts'
import type { Macro } from '../macro.ts'

/** What an operator may ask for while it is compiled. */
export type OperatorContext = {
  /** The content of a data file, as a byte string, named as the rule names it; throws when there is none. */
  readonly readData: (name: string) => string
  /** Tells a person in one sentence that something is accepted and has no effect. */
  readonly notice: (sentence: string) => void
  /** The link lower-cases its text last. */
  readonly isLowerCased: boolean
}

/** Turns the argument of `@name argument` into an operator; throws an Error that says what is wrong. */
export type SecOperatorCompiler = {
  /** As the reference manual spells it. */
  readonly name: string
  /** For the table in docs. */
  readonly means: string
  readonly compile: (argument: Macro, context: OperatorContext) => Operator
}
