import type { FieldLocation } from '../core/finding.ts'
import type { Catalog, FieldNode } from './catalog.ts'
import { openSegmentsOf, type Route } from './route.ts'
import {
  createTrieNode,
  deserializeTrie,
  findRoute,
  growInto,
  maxRouteSegments,
  restLabel,
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

/** Where a slot belongs; route -1 stands for all routes of the service. */
export type SlotPlace = readonly [route: number, service: string, location: FieldLocation, name: string]

/** Everything that a catalogue knows, as plain data: what a snapshot holds. */
export type CatalogContent = {
  readonly routes: readonly { readonly service: string; readonly method: string; readonly template: string }[]
  readonly tries: readonly (readonly [service: string, method: string, trie: SerializedTrie])[]
  /** In the order of their numbers. */
  readonly slots: readonly SlotPlace[]
}

/** Locations whose fields belong to the whole service and not to one route. */
const serviceWide: ReadonlySet<FieldLocation> = new Set(['header', 'cookie', 'path', 'method'])
/** Names shared by all routes of a service, per route that may be learned. */
const sharedPerRoute = 8

type RouteEntry = { readonly route: Route; readonly roots: Map<FieldLocation, FieldNode>; fields: number }

/** The catalogue in memory. Its caps hold whatever is learned; what they keep out is counted. */
export class RouteCatalog implements Catalog {
  readonly #limits: CatalogLimits
  readonly #tries = new Map<string, Map<string, TrieNode>>()
  readonly #entries: RouteEntry[] = []
  readonly #serviceRoots = new Map<string, Map<FieldLocation, FieldNode>>()
  /** Shared slots by service, location and last name. */
  readonly #shared = new Map<string, Map<FieldLocation, Map<string, number>>>()
  #sharedCount = 0
  readonly #slots: SlotPlace[] = []
  #dropped = 0
  #isLoading = false

  constructor(limits: CatalogLimits) {
    this.#limits = limits
  }

  match(service: string, method: string, path: string): Route {
    const trie = this.#tries.get(service)?.get(method)
    const known = trie === undefined ? -1 : findRoute(trie, path)
    return this.#entries[known]?.route ?? this.#unknownRoute(service, method, path)
  }

  #unknownRoute(service: string, method: string, path: string): Route {
    const labels: string[] = []
    let node = this.#tries.get(service)?.get(method)
    for (const segment of segmentsOf(path)) {
      const step = node === undefined ? undefined : stepInto(node, segment)
      node = step?.node
      labels.push(step?.label ?? segmentTemplate(segment))
    }
    return { id: -1, service, method, template: templateOf(labels), openSegments: null }
  }

  names(route: Route, location: FieldLocation): FieldNode | undefined {
    if (serviceWide.has(location)) return this.#serviceRoots.get(route.service)?.get(location)
    return this.#entries[route.id]?.roots.get(location)
  }

  slotOf(route: Route, location: FieldLocation, name: string): number {
    let node = this.names(route, location)
    for (const part of partsOf(location, name)) node = node?.children.get(part)
    return node?.slot ?? -1
  }

  sharedSlot(service: string, location: FieldLocation, name: string): number {
    return this.#shared.get(service)?.get(location)?.get(lastName(name)) ?? -1
  }

  learnRoute(service: string, method: string, path: string): Route {
    const known = this.match(service, method, path)
    const trie = this.#trieOf(service, method)
    if (trie === undefined || (known.id === -1 && this.#entries.length >= this.#limits.maxRoutes)) {
      this.#dropped += 1
      return known
    }
    const labels: string[] = []
    let node = trie
    for (const segment of segmentsOf(path)) {
      const step = growInto(node, segment)
      node = step.node
      labels.push(step.label)
    }
    const entry = this.#entries[node.routeId]
    if (entry !== undefined) return entry.route
    const route = knownRoute(this.#entries.length, { service, method, template: templateOf(labels) })
    node.routeId = route.id
    this.#entries.push({ route, roots: new Map(), fields: 0 })
    return route
  }

  learnField(route: Route, location: FieldLocation, name: string): number {
    const entry = this.#entries[route.id]
    if (entry === undefined) return -1
    const known = this.slotOf(route, location, name)
    if (known !== -1) return known
    if (entry.fields >= this.#limits.maxFieldsPerRoute && !this.#isLoading) {
      this.#dropped += 1
      return -1
    }
    entry.fields += 1
    const sharedSlot = this.learnShared(route.service, location, name)
    if (serviceWide.has(location)) return sharedSlot
    const node = growNode(rootOf(entry.roots, location), location, name)
    node.sharedSlot = sharedSlot
    node.slot = this.#slots.push([route.id, route.service, location, name]) - 1
    return node.slot
  }

  /** Slot of a name on any route of the service, made when there is none; -1 when there are too many. */
  learnShared(service: string, location: FieldLocation, name: string): number {
    const known = this.sharedSlot(service, location, name)
    if (known !== -1) return known
    if (this.#sharedCount >= this.#limits.maxRoutes * sharedPerRoute && !this.#isLoading) {
      this.#dropped += 1
      return -1
    }
    this.#sharedCount += 1
    const short = lastName(name)
    const slot = this.#slots.push([-1, service, location, short]) - 1
    inner(inner(this.#shared, service), location).set(short, slot)
    if (serviceWide.has(location)) {
      const node = growNode(rootOf(inner(this.#serviceRoots, service), location), location, short)
      node.slot = slot
      node.sharedSlot = slot
    }
    return slot
  }

  slotAt(slot: number): SlotPlace | undefined {
    return this.#slots[slot]
  }

  slotCount(): number {
    return this.#slots.length
  }

  routeAt(id: number): Route | undefined {
    return this.#entries[id]?.route
  }

  routes(): readonly Route[] {
    return this.#entries.map((entry) => entry.route)
  }

  dropped(): number {
    return this.#dropped
  }

  content(): CatalogContent {
    return {
      routes: this.#entries.map(({ route: { service, method, template } }) => ({ service, method, template })),
      tries: [...this.#tries].flatMap(([service, methods]) =>
        [...methods].map(([method, trie]) => [service, method, serializeTrie(trie)] as const),
      ),
      slots: [...this.#slots],
    }
  }

  /**
   * Takes in saved content; the catalogue must be empty. Slots get the numbers that they had, also where the caps have
   * become smaller since: left out, every later slot would take the profile of another field.
   */
  load(content: CatalogContent): void {
    this.#isLoading = true
    for (const [id, route] of content.routes.entries()) {
      this.#entries.push({ route: knownRoute(id, route), roots: new Map(), fields: 0 })
    }
    for (const [service, method, trie] of content.tries) inner(this.#tries, service).set(method, deserializeTrie(trie))
    for (const [route, service, location, name] of content.slots) {
      const entry = this.#entries[route]
      if (entry === undefined) this.learnShared(service, location, name)
      else this.learnField(entry.route, location, name)
    }
    this.#isLoading = false
  }

  #trieOf(service: string, method: string): TrieNode | undefined {
    if (!this.#tries.has(service) && this.#tries.size >= this.#limits.maxServices) return undefined
    const methods = inner(this.#tries, service)
    let trie = methods.get(method)
    if (trie === undefined) {
      trie = createTrieNode()
      methods.set(method, trie)
    }
    return trie
  }
}

function knownRoute(id: number, name: Pick<Route, 'service' | 'method' | 'template'>): Route {
  return { id, ...name, openSegments: openSegmentsOf(name.template) }
}

/** The map behind a key, made when there is none. */
function inner<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let map = maps.get(key)
  if (map === undefined) {
    map = new Map()
    maps.set(key, map)
  }
  return map
}

/** Path segments without the leading empty one; the root has none. What is too deep is one segment. */
function segmentsOf(path: string): string[] {
  if (path === '/' || path === '') return []
  const segments = path.slice(1, path.endsWith('/') ? -1 : undefined).split('/', maxRouteSegments + 1)
  if (segments.length > maxRouteSegments) segments[maxRouteSegments] = restLabel
  return segments
}

function templateOf(labels: readonly string[]): string {
  return `/${labels.join('/')}`
}

/** The last part of a pointer or bracketed name: what fields of the same meaning share across routes. */
function lastName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('[')) + 1)
  return last === ']' || last === '' ? name : last
}

/** Keys on the way from the root of a location to a name: one per pointer part in JSON, else one. */
function partsOf(location: FieldLocation, name: string): string[] {
  return location === 'json' ? name.split('/').slice(1) : [name]
}

function rootOf(roots: Map<FieldLocation, FieldNode>, location: FieldLocation): FieldNode {
  let root = roots.get(location)
  if (root === undefined) {
    root = createNode('')
    roots.set(location, root)
  }
  return root
}

function growNode(root: FieldNode, location: FieldLocation, name: string): FieldNode {
  let node = root
  let pointer = ''
  for (const part of partsOf(location, name)) {
    pointer = location === 'json' ? `${pointer}/${part}` : part
    let child = node.children.get(part)
    if (child === undefined) {
      child = createNode(pointer, part)
      node.children.set(part, child)
    }
    node = child
  }
  return node
}

function createNode(name: string, key = name): FieldNode {
  return { name, slot: -1, sharedSlot: -1, children: new Map(), key, first: null, after: null, stamp: 0 }
}
