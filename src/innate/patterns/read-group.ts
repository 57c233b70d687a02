import { type Flags, type PatternCursor, refuse, take } from './pattern-cursor.ts'

/** What opens a group, or stands in its place. */
export type GroupHead =
  | { readonly kind: 'capture'; readonly name: string | null }
  /** `text`: letters of flags for this group alone. */
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'branch-reset' | 'atomic' }
  | { readonly kind: 'look'; readonly isAhead: boolean; readonly isNegated: boolean }
  | { readonly kind: 'flags'; readonly text: string }
  | { readonly kind: 'named-reference'; readonly name: string }

const looks: ReadonlyMap<string, { readonly isAhead: boolean; readonly isNegated: boolean }> = new Map([
  ['=', { isAhead: true, isNegated: false }],
  ['!', { isAhead: true, isNegated: true }],
  ['<=', { isAhead: false, isNegated: false }],
  ['<!', { isAhead: false, isNegated: true }],
])
const alphabeticLooks: ReadonlyMap<string, string> = new Map([
  ['pla', '='],
  ['positive_lookahead', '='],
  ['nla', '!'],
  ['negative_lookahead', '!'],
  ['plb', '<='],
  ['positive_lookbehind', '<='],
  ['nlb', '<!'],
  ['negative_lookbehind', '<!'],
])

/** Reads what follows an opening parenthesis. */
export function readGroupHead(cursor: PatternCursor, offset: number): GroupHead {
  const verb = take(cursor, /\*(\w*)(:?)/y)
  if (verb !== null) return readVerb(verb, offset)
  if (take(cursor, /\?/y) === null) {
    return cursor.flags.noCapture ? { kind: 'plain', text: '' } : { kind: 'capture', name: null }
  }
  const look = take(cursor, /<?[=!]/y)
  if (look !== null) return lookOf(look[0])
  if (take(cursor, />/y) !== null) return { kind: 'atomic' }
  if (take(cursor, /\|/y) !== null) return { kind: 'branch-reset' }
  const name = take(cursor, /(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y)
  if (name !== null) return { kind: 'capture', name: name[1] ?? name[2] ?? '' }
  const reference = take(cursor, /P=(\w+)\)/y)
  if (reference !== null) return { kind: 'named-reference', name: reference[1] ?? '' }
  const flags = take(cursor, /([\^a-zA-Z-]*)([:)])/y)
  if (flags !== null && /^\^?[imnsxJU]*(?:-[imnsxJU]*)?$/.test(flags[1] ?? '')) {
    const text = flags[1] ?? ''
    return { kind: flags[2] === ':' ? 'plain' : 'flags', text }
  }
  return refuseGroup(cursor, offset)
}

function lookOf(text: string): GroupHead {
  const look = looks.get(text)
  return look === undefined ? { kind: 'plain', text: '' } : { kind: 'look', ...look }
}

function readVerb([text, name = '', colon]: RegExpExecArray, offset: number): GroupHead {
  if (colon === ':' && name === 'atomic') return { kind: 'atomic' }
  const look = colon === ':' ? alphabeticLooks.get(name) : undefined
  return look === undefined ? refuse(`verb (${text}) is not supported`, offset) : lookOf(look)
}

function refuseGroup(cursor: PatternCursor, offset: number): never {
  const rest = cursor.source.slice(offset + 2, offset + 12)
  if (rest.startsWith('(')) refuse('conditional group (?( is not supported', offset)
  if (/^(?:R|[+-]?\d|&|P>)/.test(rest))
    refuse(`recursion or subroutine call (?${rest.charAt(0)} is not supported`, offset)
  if (rest.startsWith('C')) refuse('callout (?C is not supported', offset)
  return refuse(`group (?${rest.charAt(0)} is unknown`, offset)
}

const flagNames: ReadonlyMap<string, keyof Flags> = new Map([
  ['i', 'ignoreCase'],
  ['m', 'multiline'],
  ['n', 'noCapture'],
  ['s', 'dotAll'],
  ['x', 'isExtended'],
  ['U', 'isUngreedy'],
] as const)

/** Flags changed by letters such as `i-s`, `^x`. */
export function readFlags(flags: Flags, text: string, offset: number): Flags {
  const changed = { ...flags }
  let isOn = true
  for (const letter of text) {
    const name = flagNames.get(letter)
    if (letter === '-') isOn = false
    else if (letter === 'J') refuse('flag J (groups of one name) is not supported', offset)
    else if (name !== undefined) changed[name] = isOn
    else for (const one of ['i', 'm', 'n', 's', 'x']) changed[flagNames.get(one) ?? 'ignoreCase'] = false
    if (letter === 'x' || letter === '^') changed.isExtendedMore = isOn && text.includes('xx')
  }
  return changed
}
