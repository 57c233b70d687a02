import type { ShippedScorer } from '../antigen/load-scorer.ts'
import type { Contribution } from '../antigen/scorer-evidence.ts'
import { endSymbol, nameOf, startSymbol } from '../antigen/scorer-fold.ts'
import type { FieldProfile } from './field-profile.ts'

/** Longest part of a value that is read again for what the inherited detectors saw. */
const maxExplained = 2_048
/** Whether an n-gram has the start or the end of a text in it, which a cut-out part has where the value has none. */
const isAtBorder = ({ text, isToken }: Contribution): boolean =>
  !isToken && (text.startsWith(nameOf(startSymbol)) || text.endsWith(nameOf(endSymbol)))

/** The strongest inherited detectors that self has not silenced, each text once. `value` is the one that was scored last. */
export function unmaskedDetectors(
  inherited: ShippedScorer | null,
  value: string,
  profile: FieldProfile | undefined,
): readonly Contribution[] {
  if (inherited === null) return []
  const isSilenced = (detector: number): boolean => profile?.silenced.has(detector) ?? false
  // Of a long value the worst stretch is read again, whose end is known, as this value was scored last.
  const isCut = value.length > maxExplained
  const end = inherited.scorer.worstEnd()
  const text = isCut ? value.slice(Math.max(0, end - maxExplained), end) : value
  const { contributions } = inherited.evidence.explain(text, isSilenced)
  const acting = contributions
    .filter((contribution) => contribution.weight > 0 && !(isCut && isAtBorder(contribution)))
    .sort((a, b) => b.weight - a.weight)
  const texts = new Set<string>()
  return acting.filter(({ text }) => texts.size < texts.add(text).size).slice(0, 3)
}
