import type { Macro, MacroPart } from '../macro.ts'

export type MacroOptions = {
  readonly isKnown: (collection: string) => boolean
  /** What to do with a name that is no variable: patterns keep it as text, actions refuse it. */
  readonly unknown: 'refuse' | 'keep'
}

const form = /^([A-Za-z_][A-Za-z0-9_]*)(?:[.:]([\s\S]*))?$/

/** Finds the `%{...}` of a text. What does not have the form of a macro is text. */
export function parseMacro(text: string, options: MacroOptions): Macro {
  const parts: MacroPart[] = []
  let plain = 0
  let end = -1
  for (let at = text.indexOf('%{'); at !== -1; at = text.indexOf('%{', at + 2)) {
    if (end <= at) end = text.indexOf('}', at)
    if (end === -1) break
    const inner = text.indexOf('%{', at + 2)
    if (inner !== -1 && inner < end) continue
    const part = readPart(text.slice(at + 2, end), options)
    if (part === null) continue
    if (at > plain) parts.push(text.slice(plain, at))
    parts.push(part)
    plain = end + 1
  }
  if (parts.length === 0) return text
  if (plain < text.length) parts.push(text.slice(plain))
  return parts
}

function readPart(inner: string, { isKnown, unknown }: MacroOptions): MacroPart | null {
  const found = form.exec(inner)
  const collection = found?.[1]?.toUpperCase()
  if (collection === undefined) return null
  if (isKnown(collection)) return { collection, key: found?.[2] ?? null }
  if (unknown === 'keep') return null
  throw new Error(`%{${inner}} names the variable ${collection}, which is not known`)
}

/** A macro as it was written, for people. */
export const macroSource = (macro: Macro): string =>
  typeof macro === 'string'
    ? macro
    : macro
        .map((part) => {
          if (typeof part === 'string') return part
          return part.key === null ? `%{${part.collection}}` : `%{${part.collection}.${part.key}}`
        })
        .join('')
