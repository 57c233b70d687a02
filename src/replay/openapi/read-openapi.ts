import { isMembers } from '../json-log-line.ts'
import { type RecordedRequest, type SkipListener, type TrafficRecord, wireText } from '../traffic-record.ts'
import { type Body, bodySlot, bodySlotName } from './bodies.ts'
import { type ApiDocument, childOf, type MembersNode, type Node, parseDocument } from './document.ts'
import { namedTexts, type Parameter, parametersOf, plainText } from './parameters.ts'
import { type Row, rowsOf } from './rows.ts'
import { createValueReader, maxVariants, type Report } from './schema-values.ts'

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

/** `category` of a request of which at least one value was made up from its type. */
export const derivedCategory = 'derived'

type Server = { readonly host: string | null; readonly base: string }

/**
 * Requests that an OpenAPI 3.0 or 3.1 document shows, at most 50 for each operation. `line` counts operations. Throws
 * THY_TRAFFIC with file, JSON pointer and what was expected where the document is wrong; what is right and cannot be used
 * (references to other documents, values nobody gave) goes to `onSkip` with its pointer.
 */
export function* readOpenApi(text: string, file: string, onSkip: SkipListener): Generator<TrafficRecord> {
  const api = parseDocument(text, file)
  if (api.root.value['paths'] === undefined) return
  const paths = api.membersOf(childOf(api.root, 'paths'), 'an object of paths')
  let line = 0
  for (const template of Object.keys(paths.value).filter((key) => !key.startsWith('x-'))) {
    const entry = childOf(paths, template)
    if (!template.startsWith('/')) throw api.fault(entry.pointer, template, 'a path that begins with "/"')
    const item = itemOf(entry, api, (pointer, reason) => onSkip({ file, line, ...{ pointer } }, reason))
    for (const method of methods) {
      if (item === null || item.value[method] === undefined) continue
      line += 1
      const report: Report = (pointer, reason) => onSkip({ file, line, ...{ pointer } }, reason)
      const operation = api.membersOf(childOf(item, method), 'an operation')
      yield* recordsOf({ api, item, operation, template, method: method.toUpperCase(), line, report })
    }
  }
}

function itemOf(entry: Node, api: ApiDocument, report: Report): MembersNode | null {
  const resolved = api.resolve(entry)
  if (resolved.kind === 'node') return api.membersOf(resolved, 'a path item')
  report(entry.pointer, resolved.reason)
  return null
}

type Operation = {
  readonly api: ApiDocument
  readonly item: MembersNode
  readonly operation: MembersNode
  readonly template: string
  readonly method: string
  readonly line: number
  readonly report: Report
}

function* recordsOf({ api, item, operation, template, method, line, report }: Operation): Generator<TrafficRecord> {
  const reading = { api, report, valuesOf: createValueReader(api, report) }
  const parameters = parametersOf([item, operation], reading)
  const body = bodySlot(operation, reading)
  const server = serverOf([operation, item, api.root], api)
  const rows = rowsOf(body === null ? parameters : [...parameters, body], maxVariants)
  for (const [index, row] of rows.entries()) {
    const request = requestOf({ template, method, server, parameters, row })
    if (request === null) {
      report(operation.pointer, 'a part of the path has no value, so no request of the operation can be made')
      return
    }
    yield {
      id: `operation-${line}-${index + 1}`,
      line,
      label: 'unknown',
      category: row.isDerived ? derivedCategory : null,
      split: null,
      source: 'openapi',
      client: null,
      tsMs: null,
      status: null,
      request,
    }
  }
}

type Filled = {
  readonly template: string
  readonly method: string
  readonly server: Server
  readonly parameters: readonly Parameter[]
  readonly row: Row
}

function requestOf({ template, method, server, parameters, row }: Filled): RecordedRequest | null {
  const path = pathOf(template, parameters, row)
  if (path === null) return null
  const named = (location: Parameter['location']) =>
    parameters.filter((one) => one.location === location && row.values.has(one.name))
  const pairs = (location: 'query' | 'cookie') =>
    named(location).flatMap((one) => namedTexts(one, row.values.get(one.name)))
  const query = pairs('query')
    .map((pair) => pair.map(encode).join('='))
    .join('&')
  const rawHeaders = server.host === null ? [] : ['Host', server.host]
  for (const one of named('header')) rawHeaders.push(one.parameter, headerText(plainText(row.values.get(one.name))))
  const cookies = pairs('cookie').map(([name, value]) => `${headerText(name)}=${encode(value)}`)
  if (cookies.length > 0) rawHeaders.push('Cookie', cookies.join('; '))
  const body = row.values.get(bodySlotName) as Body | undefined
  if (body !== undefined) rawHeaders.push('Content-Type', body.contentType)
  const target = wireText(`${server.base}${path}${query === '' ? '' : `?${query}`}`)
  return { kind: 'parts', method, target, rawHeaders, body: body?.bytes ?? null }
}

function pathOf(template: string, parameters: readonly Parameter[], row: Row): string | null {
  let isComplete = true
  const path = template.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.location === 'path' && one.parameter === name)
    const text = parameter === undefined ? '' : plainText(row.values.get(parameter.name))
    if (text === '') isComplete = false
    return encode(text)
  })
  return isComplete ? path.replaceAll(/[\s?#]/g, encode) : null
}

/** Percent-encoded as UTF-8; half of a surrogate pair becomes the replacement character instead of an error. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** A header as node:http shows it: bytes of UTF-8, and nothing that would end it. */
function headerText(text: string): string {
  return wireText(text.replaceAll(/[\0\r\n]/g, ' ').trim())
}

/** Host and base path of the innermost `servers`; its variables have their defaults. */
function serverOf(holders: readonly MembersNode[], api: ApiDocument): Server {
  const holder = holders.find(({ value }) => Array.isArray(value['servers']) && value['servers'].length > 0)
  if (holder === undefined) return { host: null, base: '' }
  const list = { value: holder.value['servers'] as readonly unknown[], pointer: `${holder.pointer}/servers` }
  const server = api.membersOf(childOf(list, '0'), 'a server')
  const { url, variables } = server.value
  if (typeof url !== 'string') throw api.fault(`${server.pointer}/url`, url, 'a URL')
  const filled = url.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = isMembers(variables) && Object.hasOwn(variables, name) ? variables[name] : undefined
    return isMembers(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole
  })
  const parsed = URL.parse(filled, 'http://relative.invalid/')
  if (parsed === null) throw api.fault(`${server.pointer}/url`, url, 'a URL')
  return {
    host: parsed.hostname === 'relative.invalid' ? null : parsed.host,
    base: parsed.pathname.replace(/\/+$/, ''),
  }
}
