import { valueTypes } from '../antigen/value-type.ts'
import type { Config } from '../config/schema.ts'
import type { LearningProgress, ProfileState, ProfileSummary } from './adaptive.ts'
import { featureCount, typeBase } from './features.ts'
import type { FieldProfile } from './field-profile.ts'
import { maturityOf } from './maturity.ts'
import type { SelfStore } from './self-store.ts'

/** Where learning stands: the most advanced service speaks for the whole, figures are sums. */
export function progressOf(store: SelfStore, rule: Config['adaptive'], dropped: number): LearningProgress {
  const fields: Record<ProfileState, number> = { embryo: 0, learning: 0, mature: 0, relearning: 0 }
  for (const [, profile] of store.fields()) fields[maturityOf(profile, rule).state] += 1
  let best: FieldProfile | undefined
  let samples = 0
  for (const [, profile] of store.services()) {
    samples += profile.samples
    if (best === undefined || profile.samples > best.samples) best = profile
  }
  const maturity = best === undefined ? undefined : maturityOf(best, rule, 'requests')
  return {
    state: maturity?.state ?? 'embryo',
    routes: store.routeCount(),
    fields,
    samples,
    missing: maturity?.missing ?? [`0 of ${rule.minSamples} requests`],
    dropped,
  }
}

/** The fields with the most values first. */
export function summarizeProfiles(
  store: SelfStore,
  rule: Config['adaptive'],
  limit: number,
): readonly ProfileSummary[] {
  return [...store.fields()]
    .sort(([, a], [, b]) => b.samples - a.samples)
    .slice(0, limit)
    .flatMap(([slot, profile]) => {
      const place = store.catalog.slotAt(slot)
      if (place === undefined) return []
      const [routeId, service, location, name] = place
      const route = store.catalog.routeAt(routeId)
      const { state, missing } = maturityOf(profile, rule)
      const selfChunks = profile.selfCount()
      return [
        {
          field: { service, method: route?.method ?? '*', route: route?.template ?? '*', location, name },
          state,
          samples: profile.samples,
          sources: profile.sources,
          slices: profile.slices,
          missing,
          types: valueTypes.filter((_, index) => profile.has(typeBase + index)),
          selfChunks,
          detectors: featureCount - selfChunks,
        },
      ]
    })
}
