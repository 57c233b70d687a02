import type { SecOperatorCompiler } from '../operators/sec-operator.ts'
import type { SecTransformation } from '../transformations/sec-transformation.ts'

/** The words that rules may use, apart from directives and actions; each has its table elsewhere. */
export type Dialect = {
  /** By lower-case name. */
  readonly operators: ReadonlyMap<string, SecOperatorCompiler>
  /** By lower-case name. */
  readonly transformations: ReadonlyMap<string, SecTransformation>
  /** By upper-case name. */
  readonly isKnownVariable: (name: string) => boolean
  /** Whether a variable has members that a key can name. */
  readonly hasKeys: (name: string) => boolean
  /** A pattern that names keys, tags or messages. Throws an Error that says what is wrong with it. */
  readonly compilePattern: (source: string, options: { readonly ignoreCase: boolean }) => (text: string) => boolean
}
