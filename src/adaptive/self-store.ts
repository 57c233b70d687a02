import { z } from 'zod'
import { fieldLocations } from '../core/finding.ts'
import type { CatalogContent, RouteCatalog } from '../request/route-catalog.ts'
import { featureCount } from './features.ts'
import { FieldProfile, type SavedProfile } from './field-profile.ts'

/** All that has been learned: profiles by field, by route and by service, over one catalogue. */
export class SelfStore {
  readonly catalog: RouteCatalog
  readonly #maxProfiles: number
  readonly #fields: (FieldProfile | undefined)[] = []
  readonly #routes: (FieldProfile | undefined)[] = []
  readonly #services = new Map<string, FieldProfile>()
  #fieldCount = 0
  dropped = 0

  constructor(catalog: RouteCatalog, maxProfiles: number) {
    this.catalog = catalog
    this.#maxProfiles = maxProfiles
  }

  field(slot: number): FieldProfile | undefined {
    return slot === -1 ? undefined : this.#fields[slot]
  }

  route(id: number): FieldProfile | undefined {
    return id === -1 ? undefined : this.#routes[id]
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

  growService(name: string): FieldProfile {
    const profile = this.#services.get(name) ?? new FieldProfile()
    this.#services.set(name, profile)
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
    }
  }

  /** Takes in what `content` gave; only into an empty store. */
  restore(content: SelfContent): void {
    this.catalog.load(content.catalog as CatalogContent)
    for (const [slot, saved] of content.fields) this.#fields[slot] = FieldProfile.from(saved as SavedProfile)
    this.#fieldCount = content.fields.length
    for (const [id, saved] of content.routes) this.#routes[id] = FieldProfile.from(saved as SavedProfile)
    for (const [name, saved] of content.services) this.#services.set(name, FieldProfile.from(saved as SavedProfile))
  }
}

const snapshotVersion = 1

const profileSchema = z.strictObject({
  self: z.base64(),
  samples: z.int().nonnegative(),
  novelties: z.int().nonnegative(),
  hasTrusted: z.boolean(),
  isMature: z.boolean(),
  quietSamples: z.int().nonnegative(),
  alarmSources: z.array(z.int()),
  sources: z.array(z.tuple([z.int(), z.int().nonnegative()])),
  slices: z.array(z.int()),
  candidates: z.array(
    z.tuple([
      z
        .int()
        .min(0)
        .max(featureCount - 1),
      z.array(z.int()),
      z.array(z.int()),
      z.int(),
    ]),
  ),
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
})

export type SelfContent = z.output<typeof selfSchema>
