import type { PatternNode, RepeatNode } from './pattern-node.ts'
import type { Ranges } from './ranges.ts'

/** Strings of which at least one must occur. */
type Group = readonly string[]

/** `exact`: all strings the part can be. `groups`: each of them has a member in whatever the part matches. */
type Info = { readonly exact: Group | null; readonly groups: readonly Group[] }

const maxSet = 16
const maxStrings = 256
const maxLength = 24
const maxRepeat = 4
const maxGroups = 3
const empty: Info = { exact: [''], groups: [] }

/**
 * Groups of lower-case ASCII strings: every text that the pattern matches holds, in lower case, a member of each group
 * (required-literal analysis after R. Cox, "Regular Expression Matching with a Trigram Index"). The rarest group comes
 * first; empty when there are none worth looking for.
 */
export function requiredGroups(tree: PatternNode): readonly Group[] {
  return pick(groupsOf(analyse(tree)))
}

function analyse(node: PatternNode): Info {
  switch (node.kind) {
    case 'set':
      return { exact: membersOf(node.ranges), groups: [] }
    case 'before':
    case 'after':
      return empty
    case 'look':
      return node.isNegated ? empty : { exact: [''], groups: groupsOf(analyse(node.part)) }
    case 'group':
    case 'atomic':
      return analyse(node.part)
    case 'reference':
      return { exact: null, groups: [] }
    case 'all':
      return analyseSequence(node.parts)
    case 'any':
      return analyseAlternatives(node.parts)
    case 'repeat':
      return analyseRepeat(node)
  }
}

function analyseRepeat(node: RepeatNode): Info {
  if (node.max === 0) return empty
  const part = analyse(node.part)
  if (node.min === 1 && node.max === 1) return part
  if (node.min === 0) {
    const isOptional = node.max === 1 && part.exact !== null
    return { exact: isOptional ? [...(part.exact ?? []), ''] : null, groups: [] }
  }
  let repeated = part.exact
  for (let times = 1; times < Math.min(node.min, maxRepeat) && repeated !== null; times += 1) {
    repeated = join(repeated, part.exact ?? [])
  }
  const isComplete = node.min === node.max && node.min <= maxRepeat
  if (isComplete && repeated !== null) return { exact: repeated, groups: part.groups }
  return { exact: null, groups: repeated === null ? groupsOf(part) : [...part.groups, repeated] }
}

function analyseAlternatives(parts: readonly PatternNode[]): Info {
  const infos = parts.map(analyse)
  const exact = infos.every((info) => info.exact !== null) ? infos.flatMap((info) => info.exact ?? []) : null
  if (exact !== null && exact.length <= maxStrings) return { exact, groups: [] }
  return { exact: null, groups: uniteGroups(infos.map((info) => pick(groupsOf(info)))) }
}

/** (A1 and A2) or (B1 and B2) implies (A1 or B1) and (A2 or B2). An alternative with fewer groups repeats its first. */
function uniteGroups(alternatives: readonly (readonly Group[])[]): readonly Group[] {
  if (alternatives.some((groups) => groups.length === 0)) return []
  const count = Math.max(...alternatives.map((groups) => groups.length))
  const united = Array.from({ length: count }, (_, index) =>
    alternatives.flatMap((groups) => groups[index] ?? groups[0] ?? []),
  )
  return united.filter((group, index) => index === 0 || group.length <= maxStrings)
}

function analyseSequence(parts: readonly PatternNode[]): Info {
  let run: Group = ['']
  let isExact = true
  const groups: Group[] = []
  for (const part of parts) {
    const info = analyse(part)
    groups.push(...info.groups)
    const joined = info.exact === null ? null : join(run, info.exact)
    if (joined !== null) {
      run = joined
      continue
    }
    isExact = false
    groups.push(run)
    run = info.exact ?? ['']
  }
  return isExact ? { exact: run, groups } : { exact: null, groups: [...groups, run] }
}

function join(heads: Group, tails: Group): Group | null {
  if (heads.length * tails.length > maxStrings) return null
  const joined = [...new Set(heads.flatMap((head) => tails.map((tail) => head + tail)))]
  return joined.some((text) => text.length > maxLength) ? null : joined
}

const groupsOf = (info: Info): readonly Group[] => (info.exact === null ? info.groups : [...info.groups, info.exact])

/** The members of a small set of ASCII characters, in lower case; `null` when it is large, or not ASCII. */
function membersOf(ranges: Ranges): readonly string[] | null {
  const members = new Set<string>()
  for (let at = 0; at < ranges.length; at += 2) {
    const from = ranges[at] ?? 0
    const to = ranges[at + 1] ?? 0
    if (to - from >= maxSet * 2 || (to >= 128 && !isWideLetter(from, to))) return null
    for (let code = from; code <= to; code += 1)
      members.add(code === longS ? 's' : String.fromCharCode(code).toLowerCase())
  }
  return members.size <= maxSet ? [...members] : null
}

/** The Kelvin sign, whose lower case is a k, and the long s, which an automaton takes for an s. */
const longS = 0x17f
const isWideLetter = (from: number, to: number): boolean => from === to && (from === longS || from === 0x212a)

/** Below this, a group has a string that ordinary text is full of. */
const strong = 1
const weak = 0.5

/**
 * The few groups that are worth looking for, the rarest first, without repetitions. One that ordinary text is full of is
 * better than none.
 */
function pick(groups: readonly Group[]): readonly Group[] {
  const seen = new Map<string, Group>()
  for (const group of groups) {
    const members = [...new Set(group)].sort()
    if (worth(members) >= weak) seen.set(members.join('\n'), members)
  }
  const rarestFirst = [...seen.values()].sort((one, other) => worth(other) - worth(one) || one.length - other.length)
  const rare = rarestFirst.filter((group) => worth(group) >= strong)
  return rare.length > 0 ? rare.slice(0, maxGroups) : rarestFirst.slice(0, 1)
}

/** How rare the most common of the strings is, roughly: separators count half, lone letters and empty strings nothing. */
function worth(strings: Group): number {
  let least = 6
  for (const text of strings) least = Math.min(least, rarity(text))
  return strings.length === 0 ? 0 : least
}

function rarity(text: string): number {
  if (text.length === 1 && /[a-z0-9]/.test(text)) return 0
  let sum = 0
  for (const char of text) sum += ' /.-_=:,&'.includes(char) ? 0.5 : 1
  return sum
}
