import { isMembers } from '../json-log-line.ts'
import { type ApiDocument, childOf, type MembersNode } from './document.ts'
import { namedTexts, plainText, shownValues } from './parameters.ts'
import type { Slot, Variant } from './rows.ts'
import type { Report, ValueReader } from './schema-values.ts'

/** A body as it goes over the wire. */
export type Body = { readonly contentType: string; readonly bytes: Uint8Array }

export const bodySlotName = 'body'
const boundary = 'documented-request-boundary'

type Reading = { readonly api: ApiDocument; readonly valuesOf: ValueReader; readonly report: Report }

/** Bodies of an operation, of all media types that can be written; `null` where it takes none. */
export function bodySlot(operation: MembersNode, reading: Reading): Slot | null {
  if (operation.value['requestBody'] === undefined) return null
  const resolved = reading.api.resolve(childOf(operation, 'requestBody'))
  if (resolved.kind === 'unusable') {
    reading.report(`${operation.pointer}/requestBody`, resolved.reason)
    return null
  }
  const body = reading.api.membersOf(resolved, 'a request body')
  const content = reading.api.membersOf(childOf(body, 'content'), 'an object of media types')
  const variants = Object.keys(content.value).flatMap((type) => {
    const media = reading.api.membersOf(childOf(content, type), 'a media type')
    const write = writerOf(type)
    if (write !== null) return written(media, write, reading)
    reading.report(media.pointer, 'bodies of this media type are not made from a document')
    return []
  })
  return { name: bodySlotName, isRequired: body.value['required'] === true, variants }
}

function written(media: MembersNode, write: (value: unknown) => Body | null, reading: Reading): readonly Variant[] {
  return reading.valuesOf(childOf(media, 'schema'), shownValues(media, reading)).flatMap(({ value, isDerived }) => {
    const body = write(value)
    return body === null ? [] : [{ value: body, isDerived }]
  })
}

function writerOf(type: string): ((value: unknown) => Body | null) | null {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase()
  if (bare === 'application/json' || /^[\w.+-]+\/[\w.+-]+\+json$/.test(bare)) {
    return (value) => bodyOf(bare, JSON.stringify(value) ?? 'null')
  }
  if (bare === 'application/x-www-form-urlencoded') {
    return (value) => (isMembers(value) ? bodyOf(bare, formText(value)) : null)
  }
  if (bare === 'multipart/form-data') {
    return (value) => (isMembers(value) ? bodyOf(`${bare}; boundary=${boundary}`, multipartText(value)) : null)
  }
  return /^text\/(?:plain|csv)$/.test(bare) ? (value) => bodyOf(bare, plainText(value)) : null
}

function bodyOf(contentType: string, text: string): Body {
  return { contentType, bytes: Buffer.from(text, 'utf8') }
}

function pairsOf(value: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(value).flatMap(([parameter, member]) =>
    isMembers(member)
      ? [[parameter, JSON.stringify(member)] as [string, string]]
      : [...namedTexts({ parameter, style: 'form', isExploded: true }, member)],
  )
}

function formText(value: Readonly<Record<string, unknown>>): string {
  return new URLSearchParams(pairsOf(value)).toString()
}

function multipartText(value: Readonly<Record<string, unknown>>): string {
  const parts = pairsOf(value).map(([name, text]) => {
    const shownName = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
    return `--${boundary}\r\nContent-Disposition: form-data; name="${shownName}"\r\n\r\n${text}\r\n`
  })
  return `${parts.join('')}--${boundary}--\r\n`
}
