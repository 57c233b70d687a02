/**
 * Compiles a name pattern: `*` stands for any run without `/`, `**` for any run at all. Case is ignored. One step per
 * character of the name, whatever the pattern (bit-parallel simulation, Baeza-Yates and Gonnet 1992).
 */
export function compileGlob(pattern: string): (name: string) => boolean {
  const tokens = tokenise(pattern.toLowerCase())
  if (!tokens.some(isStar)) {
    const exact = tokens.join('')
    return (name) => name === exact || name.toLowerCase() === exact
  }
  const matches = tokens.length <= maxBits ? compileBits(tokens) : (name: string) => matchTokens(tokens, name)
  // Names come in runs: all members of a list share one.
  let lastName = pattern
  let lastAnswer = matches(pattern.toLowerCase())
  return (name) => {
    if (name !== lastName) {
      lastAnswer = matches(name.toLowerCase())
      lastName = name
    }
    return lastAnswer
  }
}

/** Positions of a pattern that fit into a small integer, with the one behind the last token. */
const maxBits = 29

const isStar = (token: string): boolean => token === '*' || token === '**'

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

/** Bit `n` is set while the first `n` tokens have been matched. */
function compileBits(tokens: readonly string[]): (name: string) => boolean {
  const ofChar = new Map<number, number>()
  let stars = 0
  let doubleStars = 0
  for (const [position, token] of tokens.entries()) {
    const bit = 1 << position
    if (isStar(token)) stars |= bit
    if (token === '**') doubleStars |= bit
    if (!isStar(token)) ofChar.set(token.charCodeAt(0), (ofChar.get(token.charCodeAt(0)) ?? 0) | bit)
  }
  /** A star may stand for nothing. */
  const skipStars = (from: number): number => {
    let states = from
    for (let added = (states & stars) << 1; (added & ~states) !== 0; added = (states & stars) << 1) states |= added
    return states
  }
  const begin = skipStars(1)
  const end = 1 << tokens.length
  const slash = '/'.charCodeAt(0)
  return (name) => {
    let states = begin
    for (let index = 0; index < name.length && states !== 0; index += 1) {
      const code = name.charCodeAt(index)
      const stays = states & (code === slash ? doubleStars : stars)
      states = skipStars(((states & (ofChar.get(code) ?? 0)) << 1) | stays)
    }
    return (states & end) !== 0
  }
}

/** The same for long patterns. */
function matchTokens(tokens: readonly string[], name: string): boolean {
  let states = new Uint8Array(tokens.length + 1)
  states[0] = 1
  skipStarsOf(tokens, states)
  for (const char of name.split('')) {
    const next = new Uint8Array(tokens.length + 1)
    for (let at = 0; at < tokens.length; at += 1) {
      if (states[at] === 0) continue
      const token = tokens[at]
      if (token === '**' || (token === '*' && char !== '/')) next[at] = 1
      else if (token === char) next[at + 1] = 1
    }
    skipStarsOf(tokens, next)
    states = next
  }
  return states[tokens.length] === 1
}

function skipStarsOf(tokens: readonly string[], states: Uint8Array): void {
  for (let at = 0; at < tokens.length; at += 1) {
    if (states[at] === 1 && isStar(tokens[at] ?? '')) states[at + 1] = 1
  }
}
