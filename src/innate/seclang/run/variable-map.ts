/** Values longer than this are cut: a rule may double a variable with every match. */
export const maxValueLength = 65_536

export type StoredVariable = { readonly name: string; value: string }

/** Named texts whose names compare without regard to case. Bounded, because names may hold what a client chose. */
export type VariableMap = {
  /** `lower` is the name in lower case. */
  readonly get: (lower: string) => string | undefined
  /** Beyond the cap new names are dropped and counted; known ones still change. `lower` where it is known already. */
  readonly set: (name: string, value: string, lower?: string) => void
  readonly delete: (lower: string) => void
  /** In the order in which they were first set. */
  readonly entries: () => Iterable<StoredVariable>
  readonly size: () => number
  readonly dropped: () => number
}

export function createVariableMap(maxEntries: number): VariableMap {
  const variables = new Map<string, StoredVariable>()
  let dropped = 0
  return {
    get: (lower) => variables.get(lower)?.value,
    set: (name, value, lower = name.toLowerCase()) => {
      const kept = value.length > maxValueLength ? value.slice(0, maxValueLength) : value
      const known = variables.get(lower)
      if (known !== undefined) known.value = kept
      else if (variables.size < maxEntries) variables.set(lower, { name, value: kept })
      else dropped += 1
    },
    delete: (lower) => {
      variables.delete(lower)
    },
    entries: () => variables.values(),
    size: () => variables.size,
    dropped: () => dropped,
  }
}
