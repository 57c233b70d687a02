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
  if (!mayDecodeToText(source.text)) return
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

const windowLength = 12
/** Of the nine bytes that a window of twelve characters stands for, so many have to be printable ASCII. */
const minPrintable = 7

/**
 * Whether base64 may decode to text, told from three short windows: random tokens fail in all of them, text passes in
 * at least one. Saves the decoding of nearly every session id and signature.
 */
function mayDecodeToText(text: string): boolean {
  const last = (text.length - windowLength) & ~3
  return isPrintableWindow(text, 0) || isPrintableWindow(text, last) || isPrintableWindow(text, (last >> 1) & ~3)
}

function isPrintableWindow(text: string, start: number): boolean {
  let bits = 0
  let printable = 0
  for (let index = start; index < start + windowLength; index += 1) {
    bits = (bits << 6) | (base64Value[text.charCodeAt(index) & 0x7f] as number)
    if ((index - start) % 4 !== 3) continue
    printable += printableByte((bits >> 16) & 0xff) + printableByte((bits >> 8) & 0xff) + printableByte(bits & 0xff)
    bits = 0
  }
  return printable >= minPrintable
}

function printableByte(byte: number): 0 | 1 {
  return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 ? 1 : 0
}

/** Six bits by character code, both alphabets of RFC 4648; anything else counts as zero. */
const base64Value = new Uint8Array(128)
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  base64Value[character.charCodeAt(0)] = value
}
base64Value['-'.charCodeAt(0)] = 62
base64Value['_'.charCodeAt(0)] = 63

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
