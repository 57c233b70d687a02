import type { Finding } from '../../core/finding.ts'
import { hashText } from '../../core/hash.ts'
import type { CanonicalRequest } from '../../request/canonical-request.ts'
import { scoreOfRate } from '../calibration.ts'
import type { AdaptiveControl } from '../create-adaptive.ts'
import { featureCount } from './feature-schema.ts'
import { createEvidenceBuffer } from './request-evidence.ts'
import { readFeatures } from './request-features.ts'
import { routeKeyOf } from './route-key.ts'
import { explainJudgement, type SelfModels } from './self-models.ts'

/** Findings below this score are not worth a line. */
const minReported = 0.5
/** What no single field shows is evidence, and no reason to refuse by itself. */
const maxScore = 0.9

/** The adaptive layer with a second opinion on whole requests: what no single field shows. */
export function withSelfModels(adaptive: AdaptiveControl, models: SelfModels): AdaptiveControl {
  const evidence = createEvidenceBuffer()
  const features = new Float32Array(featureCount)
  const read = (request: CanonicalRequest): Float32Array => {
    evidence.begin(request.fields.length)
    adaptive.visit(request, ({ masked, rarity, surprise }, _chance, index) => {
      if (index === -1) return
      evidence.masked[index] = masked
      evidence.rarity[index] = Math.log1p(rarity)
      evidence.closed[index] = surprise
    })
    readFeatures(request, evidence, features)
    return features
  }
  const judge = (request: CanonicalRequest, findings: Finding[]): void => {
    const { route } = request
    const judgement = models.judge(routeKeyOf(route), route.service, read(request))
    if (judgement === null) return
    const score = Math.min(maxScore, scoreOfRate(Math.exp(-judgement.surprise)))
    if (score < minReported) return
    findings.push({
      layer: 'adaptive',
      source: `self-model:${judgement.feature}`,
      field: null,
      score,
      reason: explainJudgement(judgement),
    })
  }
  return {
    ...adaptive,
    inspect: (request, findings) => {
      adaptive.inspect(request, findings)
      judge(request, findings)
    },
    // Features are read before the request itself is learned, or it would be compared with itself.
    offer: (request) => {
      const { route, client } = request
      models.observe(routeKeyOf(route), route.service, hashText(client.source), read(request))
      adaptive.offer(request)
    },
    learnVetted: (request) => {
      const { route } = request
      models.observe(routeKeyOf(route), route.service, null, read(request))
      adaptive.learnVetted(request)
    },
  }
}
