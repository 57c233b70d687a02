import type { Dialect } from './dialect.ts'

/** What a pattern needs and the name of a tag does not have. */
const patternCharacters = /[\^$*+?()[\]{}|\\]/

/**
 * How a tag or a message is named in an exclusion. ModSecurity 3 compares whole texts, ModSecurity 2 takes a pattern; a
 * text that could be a pattern is taken for both.
 */
export function compileNameMatcher(text: string, dialect: Dialect): (name: string) => boolean {
  if (!patternCharacters.test(text)) return (name) => name === text
  let matches: (name: string) => boolean
  try {
    matches = dialect.compilePattern(text, { ignoreCase: false })
  } catch {
    return (name) => name === text
  }
  return (name) => name === text || matches(name)
}
