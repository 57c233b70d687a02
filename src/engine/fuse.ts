import { type Finding, type Layer, layers } from '../core/finding.ts'

/** The score of each layer and of all together, in 0..1. */
export type FusedScore = {
  readonly total: number
  readonly byLayer: Readonly<Record<Layer, number>>
}

/**
 * Fuses findings that may act. Rules are independent witnesses, so that their doubts multiply; what one learned layer
 * says of several fields of one request mostly has one cause, so that its strongest finding speaks for it.
 */
export function fuse(findings: readonly Finding[]): FusedScore {
  const byLayer = { innate: 0, memory: 0, adaptive: 0, behaviour: 0 }
  for (const finding of findings) {
    if (finding.shadow === true) continue
    const { layer, score } = finding
    byLayer[layer] = layer === 'innate' ? 1 - (1 - byLayer.innate) * (1 - score) : Math.max(byLayer[layer], score)
  }
  let doubt = 1
  for (const layer of layers) doubt *= 1 - byLayer[layer]
  return { total: 1 - doubt, byLayer }
}
