import type { RequestView } from '../request/request-view.ts'

/** A request as the controls see it. Plain on purpose: one round of decoding, three kinds of bodies. */
export type ControlValues = {
  /** Method and path. */
  readonly path: string
  readonly values: readonly { readonly name: string; readonly text: string }[]
}

const maxValues = 4_096

export function valuesOf(view: RequestView): ControlValues {
  const queryAt = view.target.indexOf('?')
  const rawPath = queryAt === -1 ? view.target : view.target.slice(0, queryAt)
  const path = decoded(rawPath)
  const values = [{ name: 'path', text: path }]
  if (queryAt !== -1) addForm(values, 'query', view.target.slice(queryAt + 1))
  addBody(values, view)
  return { path: `${view.method} ${path}`, values }
}

type Values = { name: string; text: string }[]

function addBody(values: Values, view: RequestView): void {
  if (view.body === null) return
  const text = Buffer.from(view.body).toString('latin1')
  const type = contentType(view.rawHeaders)
  if (type.includes('json')) addJson(values, text)
  else if (type.includes('urlencoded')) addForm(values, 'form', text)
  else values.push({ name: 'body', text })
}

function addForm(values: Values, location: string, text: string): void {
  for (const pair of text.split('&', maxValues)) {
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    if (pair === '') continue
    values.push({ name: `${location}:${decoded(name)}`, text: equals === -1 ? '' : decoded(pair.slice(equals + 1)) })
  }
}

function addJson(values: Values, text: string): void {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    values.push({ name: 'body', text })
    return
  }
  const stack: { readonly name: string; readonly value: unknown }[] = [{ name: 'json:', value: document }]
  for (let next = stack.pop(); next !== undefined && values.length < maxValues; next = stack.pop()) {
    const { name, value } = next
    if (Array.isArray(value))
      for (const item of value as readonly unknown[]) stack.push({ name: `${name}/[]`, value: item })
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) stack.push({ name: `${name}/${key}`, value: member })
    } else values.push({ name, text: String(value) })
  }
}

function contentType(rawHeaders: readonly string[]): string {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-type') return rawHeaders[index + 1]?.toLowerCase() ?? ''
  }
  return ''
}

/** Percent and plus decoding to latin-1; what is no escape stays as it is. */
function decoded(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
