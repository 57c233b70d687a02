import type { Config } from '../config/schema.ts'
import type { ProfileState } from './adaptive.ts'
import type { FieldProfile } from './field-profile.ts'

/** A profile with fewer values than this knows next to nothing: it is scored by priors only. */
const embryoSamples = 30
/** A person's word about one value stands for this many values of strangers. */
const trustFactor = 20

export type Maturity = { readonly state: ProfileState; readonly missing: readonly string[] }

const mature: Maturity = { state: 'mature', missing: [] }

type Rule = Pick<Config['adaptive'], 'minSamples' | 'minSources' | 'minSlices'>

/** A profile that was mature before needs this share of the values to be so again. */
const relearningShare = 1 / 3

/** Whether a profile may act, without the words. Once it may, it stays so, unless many known sources show that it changed. */
export function isMature(profile: FieldProfile, rule: Rule): boolean {
  if (profile.isMature) return true
  if (profile.isRelearning) {
    profile.isMature = profile.quietSamples >= rule.minSamples * relearningShare
    profile.isRelearning = !profile.isMature
    return profile.isMature
  }
  const isTaught = profile.hasTrusted && profile.samples * trustFactor >= rule.minSamples
  const isLearned =
    profile.quietSamples >= rule.minSamples && profile.sources >= rule.minSources && profile.slices >= rule.minSlices
  profile.isMature = isTaught || isLearned
  return profile.isMature
}

/** A field of a mature service needs this share of the values: what it lacks makes its novelties less surprising anyway. */
const withinShare = 0.1

/**
 * Whether a thin field of a mature service may act: by a person's word, or once it has been quiet for some values of
 * enough sources and time slices, so that all that is ordinary there had its chance to become self.
 */
export function isSeasoned(profile: FieldProfile, rule: Rule): boolean {
  if (profile.hasTrusted) return true
  if (profile.isRelearning || profile.sources < rule.minSources || profile.slices < rule.minSlices) return false
  return profile.quietSamples >= rule.minSamples * withinShare
}

/** The state of a profile and, in figures, what keeps it from acting. */
export function maturityOf(profile: FieldProfile, rule: Rule, noun: 'values' | 'requests' = 'values'): Maturity {
  if (isMature(profile, rule)) return mature
  if (profile.isRelearning) {
    const needed = Math.ceil(rule.minSamples * relearningShare)
    return { state: 'relearning', missing: [`${profile.quietSamples} of ${needed} ${noun} since much changed`] }
  }
  const missing: string[] = []
  if (profile.samples < rule.minSamples) missing.push(`${profile.samples} of ${rule.minSamples} ${noun}`)
  else if (profile.quietSamples < rule.minSamples) {
    missing.push(`${profile.quietSamples} of ${rule.minSamples} ${noun} since the last false alarm`)
  }
  if (profile.sources < rule.minSources) missing.push(`${profile.sources} of ${rule.minSources} sources`)
  if (profile.slices < rule.minSlices) missing.push(`${profile.slices} of ${rule.minSlices} time slices`)
  return { state: profile.samples < embryoSamples ? 'embryo' : 'learning', missing }
}
