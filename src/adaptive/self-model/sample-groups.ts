import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../core/clock.ts'
import type { Random } from '../../core/random.ts'
import { featureCount } from './feature-schema.ts'
import { createReservoir, type Reservoir, type ReservoirContent } from './reservoir.ts'

/** Samples of a route or service, and when they were last trained from. */
export type SampleGroup = {
  readonly name: string
  readonly service: string
  readonly reservoir: Reservoir
  triedAtMs: number
  triedAtSeen: number
}

export type SampleContent = ReservoirContent & { readonly group: string; readonly service: string }

export type SampleGroups = {
  readonly add: (name: string, service: string, row: { source: number | null; features: Float32Array }) => void
  /** Those with enough samples, of which enough are new since the last training, which is long enough ago. */
  readonly due: () => readonly SampleGroup[]
  readonly content: () => SampleContent[]
  readonly load: (content: readonly SampleContent[]) => void
}

/** A group is trained again once so much of its sample may be new. */
const freshShare = 0.25

/** The samples of all routes and services, capped in number. Routes beyond the cap share that of their service. */
export function createSampleGroups(
  config: Pick<Config['adaptive'], 'selfModel' | 'minSources' | 'maxShare'>,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): SampleGroups {
  const { minSamples, maxSamples, maxModels, trainEveryMs } = config.selfModel
  // As in learning: nobody alone brings a service to the number of samples that it needs.
  const maxPerSource = Math.max(Math.ceil(minSamples / config.minSources), Math.floor(maxSamples * config.maxShare))
  const groups = new Map<string, SampleGroup>()
  const counts = { routes: 0, services: 0 }

  function groupOf(name: string, service: string): SampleGroup | undefined {
    const known = groups.get(name)
    const kind = name === service ? 'services' : 'routes'
    if (known !== undefined || counts[kind] >= maxModels) return known
    counts[kind] += 1
    const reservoir = createReservoir({ capacity: maxSamples, width: featureCount, maxPerSource, random })
    const made = { name, service, reservoir, triedAtMs: Number.NEGATIVE_INFINITY, triedAtSeen: 0 }
    groups.set(name, made)
    return made
  }

  function isDue({ reservoir, triedAtMs, triedAtSeen }: SampleGroup): boolean {
    if (reservoir.size() < minSamples || clock.now() - triedAtMs < trainEveryMs) return false
    return triedAtSeen === 0 || reservoir.seen() - triedAtSeen >= reservoir.size() * freshShare
  }

  return {
    add: (name, service, { source, features }) => {
      groupOf(name, service)?.reservoir.add(features, source)
    },
    due: () => [...groups.values()].filter(isDue),
    content: () =>
      [...groups.values()].map(({ name, service, reservoir }) => ({ group: name, service, ...reservoir.content() })),
    load: (content) => {
      groups.clear()
      counts.routes = 0
      counts.services = 0
      for (const { group, service, ...sample } of content) groupOf(group, service)?.reservoir.load(sample)
    },
  }
}
