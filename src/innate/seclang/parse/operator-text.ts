/** The second argument of a SecRule: `!@within GET HEAD`. Without a name it is a pattern for `@rx`. */
export type OperatorText = {
  readonly isNegated: boolean
  /** Lower case, without the @. */
  readonly name: string
  /** As written, for people. */
  readonly written: string
  readonly argument: string
}

export function parseOperator(text: string): OperatorText {
  const trimmed = text.trimStart()
  const isNegated = trimmed.startsWith('!')
  const rest = isNegated ? trimmed.slice(1).trimStart() : trimmed
  if (!rest.startsWith('@')) {
    return { isNegated, name: 'rx', written: 'rx', argument: isNegated ? rest : text }
  }
  const name = /^@([A-Za-z0-9_]*)/.exec(rest)?.[1] ?? ''
  return { isNegated, name: name.toLowerCase(), written: name, argument: rest.slice(name.length + 1).trimStart() }
}
