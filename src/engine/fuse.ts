import { type Finding, type Layer, layers } from '../core/finding.ts'

/** The score of each layer and of all together, in 0..1. */
export type FusedScore = {
  readonly total: number
  readonly byLayer: Readonly<Record<Layer, number>>
}

/**
 * Fuses findings that may act. Rules are independent witnesses, so that their doubts multiply; one rule that matches in
 * several fields is one witness, whose strongest word counts. What a learned layer says of several fields of one request
 * mostly has one cause, so that its strongest finding speaks for it.
 */
export function fuse(findings: readonly Finding[]): FusedScore {
  const byLayer = { innate: 0, memory: 0, adaptive: 0, behaviour: 0 }
  for (let index = 0; index < findings.length; index += 1) {
    const { layer, score, shadow } = findings[index] as Finding
    if (shadow === true) continue
    if (layer !== 'innate') byLayer[layer] = Math.max(byLayer[layer], score)
    else if (isStrongest(findings, index)) byLayer.innate = 1 - (1 - byLayer.innate) * (1 - score)
  }
  let doubt = 1
  for (const layer of layers) doubt *= 1 - byLayer[layer]
  return { total: 1 - doubt, byLayer }
}

/** Whether no other acting finding of the same rule is stronger, nor an earlier one as strong. A rule reports few times. */
function isStrongest(findings: readonly Finding[], at: number): boolean {
  const { source, score } = findings[at] as Finding
  for (let index = 0; index < findings.length; index += 1) {
    const other = findings[index] as Finding
    if (index === at || other.source !== source || other.layer !== 'innate' || other.shadow === true) continue
    if (other.score > score || (other.score === score && index < at)) return false
  }
  return true
}
