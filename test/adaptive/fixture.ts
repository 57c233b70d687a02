import { type AdaptiveControl, createAdaptive } from '../../src/adaptive/create-adaptive.ts'
import { loadRarity } from '../../src/adaptive/rarity.ts'
import { loadScoreModel } from '../../src/adaptive/score-model.ts'
import { shippedScorer } from '../../src/antigen/load-scorer.ts'
import { type Config, configSchema } from '../../src/config/schema.ts'
import { createManualClock } from '../../src/core/clock.ts'
import type { ThymusEvent } from '../../src/core/events.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import type { RouteCatalog } from '../../src/request/route-catalog.ts'
import { createReader, type Sketch } from '../support/canonical.ts'

export type AdaptiveScene = {
  readonly adaptive: AdaptiveControl
  readonly catalog: RouteCatalog
  readonly events: ThymusEvent[]
  readonly findings: (sketch: Sketch) => Finding[]
  /** Offers a request of ordinary traffic and learns it. */
  readonly offer: (sketch: Sketch) => void
  readonly vet: (sketch: Sketch) => void
  readonly read: (sketch: Sketch) => CanonicalRequest
  readonly inspect: (request: CanonicalRequest) => Finding[]
}

export function createScene(settings: Partial<Config['adaptive']> = {}): AdaptiveScene {
  const config = configSchema.parse({ adaptive: { minSamples: 40, sliceMs: 1_000, ...settings } }).adaptive
  const { catalog, read } = createReader()
  const events: ThymusEvent[] = []
  const adaptive = createAdaptive({
    config,
    catalog,
    rarity: loadRarity(),
    model: loadScoreModel(),
    inherited: shippedScorer(),
    comparesShape: true,
    expectsNews: () => false,
    clock: createManualClock(1_000),
    emit: (event) => events.push(event),
  })
  const inspect = (request: CanonicalRequest): Finding[] => {
    const findings: Finding[] = []
    adaptive.inspect(request, findings)
    return findings
  }
  return {
    adaptive,
    catalog,
    events,
    read,
    inspect,
    findings: (sketch) => inspect(read(sketch)),
    offer: (sketch) => {
      adaptive.offer(read(sketch))
      adaptive.learn()
    },
    vet: (sketch) => adaptive.learnVetted(read(sketch)),
  }
}

const words = ['amber', 'basil', 'cedar', 'dune', 'ember', 'fjord', 'grove', 'heron']

/** Ordinary searches from many people over some time. */
export function ordinary(index: number): Sketch {
  const word = words[index % words.length] ?? ''
  return {
    target: `/search?q=${word}+${words[(index * 3) % words.length]}&page=${index % 9}`,
    address: `192.0.2.${1 + (index % 20)}`,
    atMs: index * 100,
  }
}

export const strange: Sketch = { target: '/search?q=%7B%7B%7C%23x%7C%7D%7D%3B~~%5Beval%5D%3D%3E%22%27&page=2' }
