import { z } from 'zod'
import { fieldLocations } from '../core/finding.ts'
import type { Route } from '../request/route.ts'
import type { CatalogContent, RouteCatalog } from '../request/route-catalog.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { ServiceTail } from './calibration.ts'
import { featureCount } from './features.ts'
import { FieldProfile } from './field-profile.ts'
import { surpriseOf } from './novelty.ts'
import { RouteShape } from './route-shape.ts'
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
  readonly #minSources: number
  readonly #unknownTail: ServiceTail
  #fieldCount = 0
  /** When what is no longer shown was last forgotten; 0 before the first request. */
  #expiredAtMs = 0
  dropped = 0

  constructor(catalog: RouteCatalog, maxProfiles: number, model: ScoreModel, minSources = 1) {
    this.catalog = catalog
    this.#model = model
    this.#minSources = minSources
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
    const evidence = this.#services.get(service)?.evidence ?? 0
    return surpriseOf(this.#onceRoutes.get(service) ?? 0, evidence)
  }

  /** To be called before the route itself counts a request that is new in something. */
  countRoute({ id, service }: Route): void {
    const before = this.route(id)?.evidence ?? 0
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

  /** What is not a profile, as plain data. */
  content(): SelfContent {
    return {
      version: snapshotVersion,
      features: featureCount,
      catalog: this.catalog.content() as unknown as SelfContent['catalog'],
      tails: [...this.#tails].map(([name, tail]) => [name, tail.toJSON()]),
      services: [...this.#services.keys()],
      expiredAtMs: this.#expiredAtMs,
    }
  }

  /** All profiles, in the order of their numbers, services in that of `content`. */
  write(writer: ByteWriter): void {
    for (const profiles of [this.#fields, this.#routes, this.#shapes]) {
      const present = profiles.flatMap((profile, number) => (profile === undefined ? [] : [{ profile, number }]))
      writer.u32(present.length)
      for (const { profile, number } of present) {
        writer.u32(number)
        profile.write(writer)
      }
    }
    for (const profile of this.#services.values()) profile.write(writer)
  }

  /** Takes in what `content` and `write` gave; only into an empty store. Throws RangeError when the bytes are damaged. */
  restore(content: SelfContent, reader: ByteReader): void {
    const fields = readNumbered(reader, FieldProfile.read)
    const routes = readNumbered(reader, FieldProfile.read)
    const shapes = readNumbered(reader, RouteShape.read)
    const services = content.services.map((name) => [name, FieldProfile.read(reader)] as const)
    if (!reader.isAtEnd) throw new RangeError('bytes are left over')
    this.#expiredAtMs = content.expiredAtMs
    this.catalog.load(content.catalog as CatalogContent)
    for (const [slot, profile] of fields) this.#fields[slot] = profile
    this.#fieldCount = fields.length
    for (const [id, profile] of routes) this.#routes[id] = profile
    for (const [id, shape] of shapes) this.#shapes[id] = shape
    for (const [name, profile] of services) this.#services.set(name, profile)
    for (const [name, saved] of content.tails) {
      const tail = this.#createTail()
      tail.restore(saved)
      this.#tails.set(name, tail)
    }
    for (const [id, profile] of routes) {
      const service = this.catalog.routeAt(id)?.service
      if (profile.evidence !== 1 || service === undefined) continue
      this.#onceRoutes.set(service, (this.#onceRoutes.get(service) ?? 0) + 1)
    }
  }

  /**
   * Once in `expiryMs` forgets what was not seen since the time before, where there was enough traffic to show it: so a
   * thing lives between one and two such spans after it was last seen. Returns how much is no longer self.
   */
  expireAt(nowMs: number, { expiryMs, minSamples }: { expiryMs: number; minSamples: number }): number {
    if (this.#expiredAtMs === 0 || nowMs < this.#expiredAtMs) this.#expiredAtMs = nowMs
    if (nowMs - this.#expiredAtMs < expiryMs) return 0
    this.#expiredAtMs = nowMs
    let expired = 0
    for (const profiles of [this.#fields, this.#shapes]) {
      for (const profile of profiles) expired += profile?.expire(minSamples) ?? 0
    }
    for (const profile of this.#services.values()) expired += profile.expire(minSamples)
    return expired
  }

  #createTail(): ServiceTail {
    return new ServiceTail(this.#model, this.#minSources)
  }
}

const maxNumber = 1_000_000

function readNumbered<T>(reader: ByteReader, read: (reader: ByteReader) => T): readonly (readonly [number, T])[] {
  const entries: (readonly [number, T])[] = []
  for (let left = reader.count(maxNumber); left > 0; left -= 1) entries.push([reader.count(maxNumber), read(reader)])
  return entries
}

const snapshotVersion = 3

const tailSchema = z.strictObject({
  requests: z.number().nonnegative(),
  above: z.number().nonnegative(),
  excess: z.number().nonnegative(),
  seen: z.int().nonnegative(),
  sources: z.array(z.tuple([z.number().nonnegative(), z.number().nonnegative()])).default([]),
})

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
  tails: z.array(z.tuple([z.string(), tailSchema])),
  services: z.array(z.string()),
  expiredAtMs: z.number().nonnegative(),
})

export type SelfContent = z.output<typeof selfSchema>
