/**
 * Compiles a name pattern: `*` stands for any run without `/`, `**` for any run at all. Case is ignored. The time is
 * bounded by pattern length times name length (one row of states, no backtracking).
 */
export function compileGlob(pattern: string): (name: string) => boolean {
  const tokens = tokenise(pattern.toLowerCase())
  if (!tokens.some((token) => token === '*' || token === '**')) {
    const exact = tokens.join('')
    return (name) => name === exact || name.toLowerCase() === exact
  }
  return (name) => matchTokens(tokens, name.toLowerCase())
}

function tokenise(pattern: string): readonly string[] {
  const tokens: string[] = []
  for (let index = 0; index < pattern.length; index += 1) {
    if (pattern[index] === '*' && pattern[index + 1] === '*') {
      tokens.push('**')
      index += 1
    } else {
      tokens.push(pattern.charAt(index))
    }
  }
  return tokens
}

function matchTokens(tokens: readonly string[], name: string): boolean {
  let states = new Uint8Array(tokens.length + 1)
  states[0] = 1
  skipStars(tokens, states)
  for (const char of name.split('')) {
    const next = new Uint8Array(tokens.length + 1)
    for (let at = 0; at < tokens.length; at += 1) {
      if (states[at] === 0) continue
      const token = tokens[at]
      if (token === '**' || (token === '*' && char !== '/')) next[at] = 1
      else if (token === char) next[at + 1] = 1
    }
    skipStars(tokens, next)
    states = next
  }
  return states[tokens.length] === 1
}

/** A star may stand for nothing. */
function skipStars(tokens: readonly string[], states: Uint8Array): void {
  for (let at = 0; at < tokens.length; at += 1) {
    if (states[at] === 1 && (tokens[at] === '*' || tokens[at] === '**')) states[at + 1] = 1
  }
}
