import type { FieldLocation } from '../core/finding.ts'
import type { Catalog, FieldNode } from './catalog.ts'
import type { Route } from './route.ts'
import {
  createTrieNode,
  deserializeTrie,
  growInto,
  type SerializedTrie,
  segmentTemplate,
  serializeTrie,
  stepInto,
  type TrieNode,
} from './route-trie.ts'

export type CatalogLimits = {
  readonly maxRoutes: number
  readonly maxFieldsPerRoute: number
  readonly maxServices: number
}

/** Everything that a catalogue knows, as plain data: what a snapshot holds. */
export type CatalogContent = {
  readonly routes: readonly { readonly service: string; readonly method: string; readonly template: string }[]
  readonly tries: readonly (readonly [service: string, method: string, trie: SerializedTrie])[]
  /** Slots in order: route id or -1 for the whole service, service, location, name. */
  readonly slots: readonly (readonly [route: number, service: string, location: FieldLocation, name: string])[]
}

export type GrowingCatalog = Catalog & {
  /** Slot of a name on any route of the service, made when there is none. */
  readonly learnShared: (service: string, location: FieldLocation, name: string) => number
  /** Where a slot belongs. */
  readonly slotAt: (slot: number) => CatalogContent['slots'][number] | undefined
  readonly slotCount: () => number
  readonly content: () => CatalogContent
  readonly load: (content: CatalogContent) => void
}

/** Locations whose fields belong to the whole service and not to one route. */
const serviceWide: ReadonlySet<FieldLocation> = new Set(['header', 'cookie', 'path', 'method'])

type RouteEntry = { readonly route: Route; readonly roots: Map<FieldLocation, FieldNode>; fields: number }

function createNode(name: string): FieldNode {
  return { name, slot: -1, sharedSlot: -1, children: new Map(), stamp: 0 }
}

/** Makes an empty catalogue. Its caps hold whatever is learned; what they keep out is counted. */
export function createCatalog(limits: CatalogLimits): GrowingCatalog {
  const services = new Map<string, Map<string, TrieNode>>()
  const entries: RouteEntry[] = []
  const serviceRoots = new Map<string, Map<FieldLocation, FieldNode>>()
  const shared = new Map<string, number>()
  const slots: CatalogContent['slots'][number][] = []
  let dropped = 0

  const rootsOf = (service: string): Map<FieldLocation, FieldNode> => {
    let roots = serviceRoots.get(service)
    if (roots === undefined) serviceRoots.set(service, (roots = new Map()))
    return roots
  }

  const newSlot = (...slot: CatalogContent['slots'][number]): number => slots.push(slot) - 1

  const learnShared: GrowingCatalog['learnShared'] = (service, location, name) => {
    const key = `${service} ${location} ${lastName(name)}`
    const known = shared.get(key)
    if (known !== undefined) return known
    if (shared.size >= limits.maxRoutes * 8) {
      dropped += 1
      return -1
    }
    const slot = newSlot(-1, service, location, lastName(name))
    shared.set(key, slot)
    return slot
  }

  /** Fields of a whole service are found by name in its own tree. */
  const placeShared = (slot: number, field: { service: string; location: FieldLocation; name: string }): void => {
    if (!serviceWide.has(field.location) || slot === -1) return
    const roots = rootsOf(field.service)
    let root = roots.get(field.location)
    if (root === undefined) roots.set(field.location, (root = createNode('')))
    const node = nodeOf(root, field.location, field.name)
    node.slot = slot
    node.sharedSlot = slot
  }

  const match: Catalog['match'] = (service, method, path) => {
    const labels: string[] = []
    let node = services.get(service)?.get(method)
    for (const segment of segmentsOf(path)) {
      const step: { node: TrieNode; label: string } | undefined =
        node === undefined ? undefined : stepInto(node, segment)
      node = step?.node
      labels.push(step?.label ?? segmentTemplate(segment))
    }
    const entry = node === undefined || node.routeId === -1 ? undefined : entries[node.routeId]
    return entry?.route ?? { id: -1, service, method, template: shortTemplate(labels) }
  }

  const learnRoute: Catalog['learnRoute'] = (service, method, path) => {
    const trie = trieOf(services, { service, method, maxServices: limits.maxServices })
    const known = match(service, method, path)
    if (trie === undefined || (known.id === -1 && entries.length >= limits.maxRoutes)) {
      dropped += 1
      return known
    }
    const labels: string[] = []
    let node = trie
    for (const segment of segmentsOf(path)) {
      const step = growInto(node, segment)
      node = step.node
      labels.push(step.label)
    }
    const entry = entries[node.routeId]
    if (entry !== undefined) return entry.route
    const route = { id: entries.length, service, method, template: shortTemplate(labels) }
    node.routeId = route.id
    entries.push({ route, roots: new Map(), fields: 0 })
    return route
  }

  const learnField: Catalog['learnField'] = (route, location, name) => {
    const entry = entries[route.id]
    if (entry === undefined) return -1
    const isShared = serviceWide.has(location)
    const roots = isShared ? rootsOf(route.service) : entry.roots
    let root = roots.get(location)
    if (root === undefined) roots.set(location, (root = createNode('')))
    const node = nodeOf(root, location, name)
    if (node.slot !== -1) return node.slot
    if (entry.fields >= limits.maxFieldsPerRoute) {
      dropped += 1
      return -1
    }
    entry.fields += 1
    node.sharedSlot = learnShared(route.service, location, name)
    node.slot = isShared ? node.sharedSlot : newSlot(route.id, route.service, location, name)
    return node.slot
  }

  const catalog: GrowingCatalog = {
    match,
    names: (route, location) =>
      serviceWide.has(location)
        ? serviceRoots.get(route.service)?.get(location)
        : entries[route.id]?.roots.get(location),
    sharedSlot: (service, location, name) => shared.get(`${service} ${location} ${lastName(name)}`) ?? -1,
    learnRoute,
    learnField,
    learnShared,
    slotAt: (slot) => slots[slot],
    slotCount: () => slots.length,
    routes: () => entries.map((entry) => entry.route),
    dropped: () => dropped,
    content: () => ({
      routes: entries.map(({ route: { service, method, template } }) => ({ service, method, template })),
      tries: [...services].flatMap(([service, methods]) =>
        [...methods].map(([method, trie]) => [service, method, serializeTrie(trie)] as const),
      ),
      slots: [...slots],
    }),
    load: (content) => {
      for (const [id, route] of content.routes.entries()) {
        entries.push({ route: { id, ...route }, roots: new Map(), fields: 0 })
      }
      for (const [service, method, trie] of content.tries) {
        const methods = services.get(service) ?? new Map<string, TrieNode>()
        services.set(service, methods.set(method, deserializeTrie(trie)))
      }
      for (const [route, service, location, name] of content.slots) {
        const entry = entries[route]
        if (entry !== undefined) learnField(entry.route, location, name)
        else placeShared(learnShared(service, location, name), { service, location, name })
      }
    },
  }
  return catalog
}

/** Path segments without the leading empty one; the root has none. */
function segmentsOf(path: string): string[] {
  if (path === '/' || path === '') return []
  return path.slice(1, path.endsWith('/') ? -1 : undefined).split('/')
}

const maxTemplateSegments = 12

function shortTemplate(labels: readonly string[]): string {
  if (labels.length <= maxTemplateSegments) return `/${labels.join('/')}`
  return `/${labels.slice(0, maxTemplateSegments).join('/')}/**`
}

/** The last part of a pointer or bracketed name: what fields of the same meaning share across routes. */
function lastName(name: string): string {
  const at = Math.max(name.lastIndexOf('/'), name.lastIndexOf('['))
  const last = at < 0 ? name : name.slice(at + 1)
  return last === ']' || last === '' ? name : last
}

function nodeOf(root: FieldNode, location: FieldLocation, name: string): FieldNode {
  if (location !== 'json') return childOf(root, name, name)
  let node = root
  let pointer = ''
  for (const part of name.split('/').slice(1)) {
    pointer += `/${part}`
    node = childOf(node, part, pointer)
  }
  return node
}

function childOf(parent: FieldNode, key: string, name: string): FieldNode {
  let child = parent.children.get(key)
  if (child === undefined) parent.children.set(key, (child = createNode(name)))
  return child
}

function trieOf(
  services: Map<string, Map<string, TrieNode>>,
  key: { readonly service: string; readonly method: string; readonly maxServices: number },
): TrieNode | undefined {
  let methods = services.get(key.service)
  if (methods === undefined) {
    if (services.size >= key.maxServices) return undefined
    services.set(key.service, (methods = new Map()))
  }
  let trie = methods.get(key.method)
  if (trie === undefined) methods.set(key.method, (trie = createTrieNode()))
  return trie
}
