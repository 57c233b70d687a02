import { type Component, components } from './ablation.ts'
import { type Assembly, assemble, loadConfiguredRules, type RuleSet } from './assemble.ts'
import type { Config } from './config/schema.ts'
import { createManualClock } from './core/clock.ts'
import { ThymusError } from './core/errors.ts'
import type { Finding } from './core/finding.ts'
import { createRandom } from './core/random.ts'
import { thresholdsOf } from './engine/create-engine.ts'
import { refusalOf, type Thresholds } from './engine/decide.ts'
import { fuse } from './engine/fuse.ts'
import type { ReplayEngine, ReplayEngineOptions } from './replay/replay-engine.ts'
import type { RequestView } from './request/request-view.ts'
import { createMemoryStorage } from './storage/memory-storage.ts'

/** Rules by where they came from: an evaluation makes one engine per group, all with the same rules. */
const compiled = new Map<string, RuleSet>()

function rulesFor(config: Config): RuleSet {
  const { rulesDir, shippedRules, secLangFiles } = config.innate
  const key = JSON.stringify([rulesDir, shippedRules, secLangFiles])
  const known = compiled.get(key)
  if (known !== undefined) return known
  const rules = loadConfiguredRules(config)
  compiled.set(key, rules)
  return rules
}

/** An engine for recorded traffic: its time is that of the records, and nothing outlives it. */
export function createReplayEngine(options: ReplayEngineOptions): ReplayEngine {
  return offlineEngine(options).engine
}

/** The same with its parts, for who wants to keep what was learned. */
export function offlineEngine(options: ReplayEngineOptions): {
  readonly engine: ReplayEngine
  readonly parts: Assembly
} {
  const { config, seed } = options
  const clock = createManualClock()
  const storage = createMemoryStorage({ nodeId: 'replay', clock })
  const without = componentsOf(options.without)
  const parts = assemble({
    config,
    records: storage.records,
    clock,
    random: createRandom(seed),
    emit: () => undefined,
    rules: rulesFor(config),
    layers: new Set(options.layers.filter((layer) => !without.has(layer))),
    without,
  })
  const thresholds = thresholdsOf(config)
  const rulesSpeak = config.innate.enabled && options.layers.includes('innate') && !without.has('innate')
  let taught: RequestView[] = []
  const engine: ReplayEngine = {
    inspect: (view) => {
      clock.set(view.receivedAtMs)
      return parts.engine.inspect(view)
    },
    settle: (inspection, outcome) => {
      clock.set(outcome.atMs)
      parts.engine.settle(inspection, outcome)
    },
    learnVetted: (view, isCertain = false) => {
      if (!isCertain && rulesSpeak && isAttack(parts, view, thresholds)) return false
      taught.push(view)
      return true
    },
    finishLearning: async () => {
      teach(parts, taught)
      taught = []
      if (config.adaptive.selfModel.enabled) await parts.selfModels.train()
    },
    learn: parts.adaptive.learn,
    judge: (findings) => {
      const score = fuse(findings)
      return { score: score.total, isRefused: refusalOf(score, thresholds) !== null }
    },
    close: async () => {
      parts.memory.close()
      await parts.selfModels.close()
      await storage.close()
    },
  }
  return { engine, parts }
}

/** Components that `--without` names. Throws THY_OPTION for a name that stands for nothing. */
function componentsOf(names: readonly string[]): ReadonlySet<Component> {
  const known = new Set<string>(components)
  const unknown = names.find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new ThymusError('THY_OPTION', `--without names "${unknown}", expected one of ${components.join(', ')}`)
  }
  return new Set(names as readonly Component[])
}

/** Whether the rules alone would refuse a request. */
function isAttack(
  { readHead, canonicalize, innate, tolerances }: Assembly,
  view: RequestView,
  { certain }: Thresholds,
) {
  const request = canonicalize(view, readHead(view))
  const { service, method, template } = request.route
  const findings: Finding[] = []
  innate.inspect(request, findings)
  const acting = findings.filter((finding) => !tolerances.covers(finding, { service, method, route: template }))
  return fuse(acting).byLayer.innate >= certain
}

/** All routes first, so that fields are learned on routes that no longer collapse; then the values. */
function teach(parts: Assembly, views: readonly RequestView[]): void {
  for (const view of views) {
    const head = parts.readHead(view)
    parts.catalog.learnRoute(head.service, view.method, head.path.resolved)
  }
  for (const view of views) parts.adaptive.learnVetted(parts.canonicalize(view, parts.readHead(view)))
}
