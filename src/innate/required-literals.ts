import { type PatternNode, parsePattern } from './regex-syntax.ts'

/** `exact`: all strings the part can be. `best`: strings of which one must occur in whatever the part matches. */
type Info = { readonly exact: readonly string[] | null; readonly best: readonly string[] | null }

const maxStrings = 256
const maxLength = 24
const maxRepeat = 4

/**
 * Lower-case strings of which at least one occurs in every text that the pattern matches (required-literal analysis
 * after R. Cox, "Regular Expression Matching with a Trigram Index"); `null` when there are none worth looking for.
 */
export function requiredLiterals(pattern: string): readonly string[] | null {
  const tree = parsePattern(pattern)
  if (tree === null) return null
  const found = bestOf(analyse(tree))
  return found === null || worth(found) < 1 ? null : [...new Set(found)]
}

function analyse(node: PatternNode): Info {
  switch (node.kind) {
    case 'empty':
      return { exact: [''], best: null }
    case 'set':
      return { exact: node.chars, best: null }
    case 'all':
      return analyseSequence(node.parts)
    case 'any':
      return analyseAlternatives(node.parts)
    case 'repeat':
      return analyseRepeat(node)
  }
}

function analyseRepeat(node: Extract<PatternNode, { kind: 'repeat' }>): Info {
  const part = analyse(node.part)
  if (node.max === 0) return { exact: [''], best: null }
  if (node.min === 1 && node.max === 1) return part
  if (node.min === 0) {
    const isOptional = node.max === 1 && part.exact !== null
    return { exact: isOptional ? [...(part.exact ?? []), ''] : null, best: null }
  }
  let repeated = part.exact
  for (let times = 1; times < Math.min(node.min, maxRepeat) && repeated !== null; times += 1) {
    repeated = join(repeated, part.exact ?? [])
  }
  const isComplete = node.min === node.max && node.min <= maxRepeat
  return { exact: isComplete ? repeated : null, best: better(bestOf(part), repeated) }
}

function analyseAlternatives(parts: readonly PatternNode[]): Info {
  const infos = parts.map(analyse)
  const exact = infos.every((info) => info.exact !== null) ? infos.flatMap((info) => info.exact ?? []) : null
  if (exact !== null && exact.length <= maxStrings) return { exact, best: null }
  const bests = infos.map(bestOf)
  return { exact: null, best: bests.some((best) => best === null) ? null : bests.flatMap((best) => best ?? []) }
}

function analyseSequence(parts: readonly PatternNode[]): Info {
  let run: readonly string[] = ['']
  let isExact = true
  let best: readonly string[] | null = null
  for (const part of parts) {
    const info = analyse(part)
    const joined = info.exact === null ? null : join(run, info.exact)
    if (joined !== null) {
      run = joined
      continue
    }
    isExact = false
    best = better(better(best, run), bestOf(info))
    run = info.exact ?? ['']
  }
  return isExact ? { exact: run, best: null } : { exact: null, best: better(best, run) }
}

function join(heads: readonly string[], tails: readonly string[]): readonly string[] | null {
  if (heads.length * tails.length > maxStrings) return null
  const joined = heads.flatMap((head) => tails.map((tail) => head + tail))
  return joined.some((text) => text.length > maxLength) ? null : joined
}

function bestOf(info: Info): readonly string[] | null {
  return better(info.best, info.exact ?? [''])
}

function better(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  if (other === null || worth(other) === 0) return one
  if (one === null) return other
  const difference = worth(other) - worth(one)
  return difference > 0 || (difference === 0 && other.length < one.length) ? other : one
}

/** How rare the most common of the strings is, roughly: common separators count little, letters and quotes more. */
function worth(strings: readonly string[]): number {
  let least = 6
  for (const text of strings) least = Math.min(least, rarity(text))
  return strings.length === 0 ? 0 : least
}

function rarity(text: string): number {
  let sum = 0
  for (const char of text) sum += ' /.-_=:,&'.includes(char) ? 0.5 : 1
  return sum
}
