import { z } from 'zod'
import { fieldLocations } from '../core/finding.ts'
import type { Route } from '../request/route.ts'
import type { CatalogContent, RouteCatalog } from '../request/route-catalog.ts'
import { ServiceTail } from './calibration.ts'
import { featureCount } from './features.ts'
import { FieldProfile } from './field-profile.ts'
import { RouteShape, type SavedShape } from './route-shape.ts'
import type { SavedProfile } from './saved-profile.ts'
import type { ScoreModel } from './score-model.ts'

/** All that has been learned: profiles by field, by route and by service, over one catalogue. */
export class SelfStore {
  readonly catalog: RouteCatalog
  readonly #maxProfiles: number
  readonly #fields: (FieldProfile | undefined)[] = []
  readonly #routes: (FieldProfile | undefined)[] = []
  readonly #shapes: (RouteShape | undefined)[] = []
  readonly #services = new Map<string, FieldProfile>()
  readonly #tails = new Map<string, ServiceTail>()
  /** Routes of each service that were seen once. */
  readonly #onceRoutes = new Map<string, number>()
  readonly #model: ScoreModel
  readonly #unknownTail: ServiceTail
  #fieldCount = 0
  dropped = 0

  constructor(catalog: RouteCatalog, maxProfiles: number, model: ScoreModel) {
    this.catalog = catalog
    this.#model = model
    this.#unknownTail = this.#createTail()
    this.#maxProfiles = maxProfiles
  }

  field(slot: number): FieldProfile | undefined {
    return slot === -1 ? undefined : this.#fields[slot]
  }

  route(id: number): FieldProfile | undefined {
    return id === -1 ? undefined : this.#routes[id]
  }

  shape(id: number): RouteShape | undefined {
    return id === -1 ? undefined : this.#shapes[id]
  }

  /** How foreign ordinary requests of a service look; the shipped belief for one that nobody knows. */
  tail(service: string): ServiceTail {
    return this.#tails.get(service) ?? this.#unknownTail
  }

  /** Surprise of a route that the service has never shown, in nats. */
  routeSurprise(service: string): number {
    const samples = this.#services.get(service)?.samples ?? 0
    return Math.max(0, -Math.log(((this.#onceRoutes.get(service) ?? 0) + 0.5) / (samples + 1)))
  }

  /** To be called before the route itself counts a request. */
  countRoute({ id, service }: Route): void {
    const before = this.route(id)?.samples ?? 0
    if (before > 1) return
    this.#onceRoutes.set(service, (this.#onceRoutes.get(service) ?? 0) + (before === 0 ? 1 : -1))
  }

  /** What any value of the service may look like: the last resort for a field that nobody knows. */
  service(name: string): FieldProfile | undefined {
    return this.#services.get(name)
  }

  /** The service with the most requests among those that pass. */
  largestService(passes: (profile: FieldProfile) => boolean): string | undefined {
    let largest: string | undefined
    let samples = 0
    for (const [name, profile] of this.#services) {
      if (profile.samples <= samples || !passes(profile)) continue
      largest = name
      samples = profile.samples
    }
    return largest
  }

  growField(slot: number): FieldProfile | undefined {
    const known = this.field(slot)
    if (known !== undefined || slot === -1) return known
    if (this.#fieldCount >= this.#maxProfiles) {
      this.dropped += 1
      return undefined
    }
    this.#fieldCount += 1
    const profile = new FieldProfile()
    this.#fields[slot] = profile
    return profile
  }

  growRoute(id: number): FieldProfile | undefined {
    if (id === -1) return undefined
    const profile = this.#routes[id] ?? new FieldProfile()
    this.#routes[id] = profile
    return profile
  }

  growShape(id: number): RouteShape | undefined {
    if (id === -1) return undefined
    const shape = this.#shapes[id] ?? new RouteShape()
    this.#shapes[id] = shape
    return shape
  }

  growService(name: string): FieldProfile {
    const known = this.#services.get(name)
    if (known !== undefined) return known
    const profile = new FieldProfile()
    this.#services.set(name, profile)
    this.#tails.set(name, this.#createTail())
    return profile
  }

  *fields(): IterableIterator<readonly [slot: number, profile: FieldProfile]> {
    for (const [slot, profile] of this.#fields.entries()) if (profile !== undefined) yield [slot, profile]
  }

  routeCount(): number {
    return this.catalog.routes().length
  }

  services(): IterableIterator<readonly [string, FieldProfile]> {
    return this.#services.entries()
  }

  /** Everything as plain data. */
  content(): SelfContent {
    return {
      version: snapshotVersion,
      features: featureCount,
      catalog: structuredClone(this.catalog.content()) as unknown as SelfContent['catalog'],
      fields: [...this.fields()].map(([slot, profile]) => [slot, profile.toJSON()]),
      routes: this.#routes.flatMap((profile, id) => (profile === undefined ? [] : [[id, profile.toJSON()]])),
      services: [...this.#services].map(([name, profile]) => [name, profile.toJSON()]),
      shapes: this.#shapes.flatMap((shape, id) => (shape === undefined ? [] : [[id, shape.toJSON()]])),
      tails: [...this.#tails].map(([name, tail]) => [name, tail.toJSON()]),
    }
  }

  /** Takes in what `content` gave; only into an empty store. */
  restore(content: SelfContent): void {
    this.catalog.load(content.catalog as CatalogContent)
    for (const [slot, saved] of content.fields) this.#fields[slot] = FieldProfile.from(saved as SavedProfile)
    this.#fieldCount = content.fields.length
    for (const [id, saved] of content.routes) this.#routes[id] = FieldProfile.from(saved as SavedProfile)
    for (const [name, saved] of content.services) this.#services.set(name, FieldProfile.from(saved as SavedProfile))
    for (const [id, saved] of content.shapes) this.#shapes[id] = RouteShape.from(saved as SavedShape)
    for (const [name, saved] of content.tails) {
      const tail = this.#createTail()
      tail.restore(saved)
      this.#tails.set(name, tail)
    }
    for (const [id, profile] of this.#routes.entries()) {
      const service = this.catalog.routeAt(id)?.service
      if (profile?.samples !== 1 || service === undefined) continue
      this.#onceRoutes.set(service, (this.#onceRoutes.get(service) ?? 0) + 1)
    }
  }

  #createTail(): ServiceTail {
    return new ServiceTail(this.#model)
  }
}

const snapshotVersion = 2

const candidateSchema = z.tuple([
  z.int().nonnegative(),
  z.array(z.int()),
  z.array(z.int()),
  z.int(),
  z.int().nonnegative(),
])

const profileSchema = z.strictObject({
  self: z.base64(),
  repeated: z.base64(),
  silenced: z.array(z.int().nonnegative()),
  values: z.array(z.int().nonnegative()),
  repeatedValues: z.array(z.int().nonnegative()),
  isOpen: z.boolean(),
  lengthRecords: z.int().nonnegative(),
  magnitudeRecords: z.int().nonnegative(),
  samples: z.int().nonnegative(),
  suspicious: z.int().nonnegative(),
  hasTrusted: z.boolean(),
  isMature: z.boolean(),
  quietSamples: z.int().nonnegative(),
  alarmSources: z.array(z.int()),
  sources: z.array(z.tuple([z.int(), z.int().nonnegative()])),
  slices: z.array(z.int()),
  candidates: z.array(candidateSchema),
})

const shapeSchema = z.strictObject({
  requests: z.int().nonnegative(),
  counts: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
  names: z.array(z.int().nonnegative()),
  sets: z.array(z.int().nonnegative()),
  orders: z.array(z.int().nonnegative()),
  repeated: z.array(z.int().nonnegative()),
  candidates: z.array(candidateSchema),
})

const tailSchema = z.strictObject({
  requests: z.number().nonnegative(),
  above: z.number().nonnegative(),
  excess: z.number().nonnegative(),
  seen: z.int().nonnegative(),
})

const slotNumber = z.int().min(0).max(1_000_000)
const trieSchema: z.ZodType<unknown> = z.lazy(() =>
  z.tuple([z.int(), z.boolean(), z.int(), z.array(z.tuple([z.string(), trieSchema]))]),
)

/** Form of everything that was learned; a change of the features makes another version. */
export const selfSchema = z.strictObject({
  version: z.literal(snapshotVersion),
  features: z.literal(featureCount),
  catalog: z.strictObject({
    routes: z.array(z.strictObject({ service: z.string(), method: z.string(), template: z.string() })),
    tries: z.array(z.tuple([z.string(), z.string(), trieSchema])),
    slots: z.array(z.tuple([z.int().min(-1), z.string(), z.enum(fieldLocations), z.string()])),
  }),
  fields: z.array(z.tuple([slotNumber, profileSchema])),
  routes: z.array(z.tuple([slotNumber, profileSchema])),
  services: z.array(z.tuple([z.string(), profileSchema])),
  shapes: z.array(z.tuple([slotNumber, shapeSchema])),
  tails: z.array(z.tuple([z.string(), tailSchema])),
})

export type SelfContent = z.output<typeof selfSchema>
