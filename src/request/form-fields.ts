import type { FieldLocation } from '../core/finding.ts'
import type { FieldNode } from './catalog.ts'
import { decodePercent } from './decode/percent.ts'
import type { FieldCollector } from './field-collector.ts'

/**
 * Reads `application/x-www-form-urlencoded` text (WHATWG URL, 5.1): query strings and form bodies. Every pair becomes a
 * field, also the second of the same name; a pair without `=` is a value without a name.
 */
export function collectForm(
  collector: FieldCollector,
  source: { readonly text: string; readonly location: FieldLocation; readonly flags: number },
  root: FieldNode | undefined,
): void {
  const { text, location } = source
  let start = 0
  while (start < text.length && !collector.isFull) {
    let end = text.indexOf('&', start)
    if (end === -1) end = text.length
    if (end > start) collectPair(collector, { pair: text.slice(start, end), location, flags: source.flags }, root)
    start = end + 1
  }
  if (start < text.length) collector.odd('too-many-fields', `more than ${collector.limits.maxFields} values`)
}

function collectPair(
  collector: FieldCollector,
  source: { readonly pair: string; readonly location: FieldLocation; readonly flags: number },
  root: FieldNode | undefined,
): void {
  const { pair } = source
  const equals = pair.indexOf('=')
  const name = equals === -1 ? '' : formText(pair.slice(0, equals))
  const value = plusToBlank(equals === -1 ? pair : pair.slice(equals + 1))
  collector.add(source.location, root, name, value, source.flags)
}

/** `+` is a blank; percent escapes stay, since the canonical form undoes them and counts the rounds. */
function plusToBlank(text: string): string {
  return text.includes('+') ? text.replaceAll('+', ' ') : text
}

function formText(text: string): string {
  const blanks = plusToBlank(text)
  return blanks.includes('%') ? (decodePercent(blanks)?.text ?? blanks) : blanks
}
