import { isUtf8 } from 'node:buffer'
import { type Field, fieldFlags } from './field.ts'
import { type FieldCollector, mayBeBase64 } from './field-collector.ts'
import { collectJson } from './json-fields.ts'

/** How many containers deep text inside text is followed. */
const maxNesting = 2

/**
 * Text inside text: JSON in a string becomes fields named `outer~/pointer`, base64 that decodes to readable text a
 * field named `outer~base64`, the two readable parts of a JSON web token (RFC 7519) `outer~jwt`.
 */
export function unfoldEmbedded(collector: FieldCollector, field: Field, bits: number): void {
  const { value } = field
  if (value.length < 2 || collector.nesting >= maxNesting) return
  const first = value.charCodeAt(0)
  if (first === 0x7b || first === 0x5b) {
    collector.nesting += 1
    collectJson(collector, { text: value, location: field.location, prefix: `${field.name}~` }, undefined)
    collector.nesting -= 1
    return
  }
  if (mayBeBase64(value, bits)) unfoldBase64(collector, field, { text: value, suffix: '~base64' })
  else if (value.includes('eyJ')) unfoldToken(collector, field)
}

const tokenForm = /(?:^|[\s=])(eyJ[\w-]{8,})\.([\w-]*)\.?/

function unfoldToken(collector: FieldCollector, field: Field): void {
  const match = tokenForm.exec(field.value)
  if (match === null) return
  unfoldBase64(collector, field, { text: match[1] ?? '', suffix: '~jwt.header' })
  unfoldBase64(collector, field, { text: match[2] ?? '', suffix: '~jwt.claims' })
}

function unfoldBase64(
  collector: FieldCollector,
  field: Field,
  source: { readonly text: string; readonly suffix: string },
): void {
  const decoded = Buffer.from(source.text, 'base64')
  if (decoded.length < 8 || !isReadable(decoded)) return
  collector.nesting += 1
  const name = field.name + source.suffix
  const shared = collector.sharedSlot(field.location, name)
  collector.push(
    field.location,
    name,
    decoded.toString('utf8'),
    collector.slotOf(field.location, name),
    shared,
    fieldFlags.derived,
  )
  collector.nesting -= 1
}

/** At least 97 % printable and 80 % ASCII: what a person would call text. */
function isReadable(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false
  let printable = 0
  let ascii = 0
  for (const byte of bytes) {
    if (byte < 0x80) ascii += 1
    if (byte >= 0x20 && byte !== 0x7f) printable += 1
    else if (byte === 9 || byte === 10 || byte === 13) printable += 1
  }
  return printable >= bytes.length * 0.97 && ascii >= bytes.length * 0.8
}
