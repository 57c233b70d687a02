import { createHash } from 'node:crypto'
import { type Component, learnedParts } from './ablation.ts'
import type { Tolerances } from './adaptive/adaptive.ts'
import { type ClonalSelection, createClonalSelection } from './adaptive/clonal/clonal-selection.ts'
import { type AdaptiveControl, createAdaptive } from './adaptive/create-adaptive.ts'
import { type ConfiguredTolerance, createTolerances } from './adaptive/create-tolerances.ts'
import { createDeploys, type Deploys } from './adaptive/deploys.ts'
import { createSelfModels } from './adaptive/self-model/create-self-models.ts'
import type { SelfModels } from './adaptive/self-model/self-models.ts'
import { withSelfModels } from './adaptive/self-model/with-self-models.ts'
import { createTrainer } from './adaptive/training/create-trainer.ts'
import { shippedScorer } from './antigen/load-scorer.ts'
import { type Behaviour, createBehaviour } from './behaviour/behaviour.ts'
import type { Config } from './config/schema.ts'
import type { Clock } from './core/clock.ts'
import { ThymusError } from './core/errors.ts'
import type { EventListener } from './core/events.ts'
import type { Layer } from './core/finding.ts'
import { createRandom, type Random } from './core/random.ts'
import { createEngine } from './engine/create-engine.ts'
import type { Engine } from './engine/engine.ts'
import { createInnate } from './innate/create-innate.ts'
import { frozenScorerSource, type InnateScorer } from './innate/frozen-finding.ts'
import type { Innate } from './innate/innate.ts'
import { loadRules, shippedRulesDirectory } from './innate/load-rules.ts'
import { createRateLimits } from './innate/rate-limits.ts'
import type { Rule } from './innate/rule.ts'
import { tooMuchWorkId } from './innate/rule-finding.ts'
import { loadSecLang } from './innate/seclang/load-seclang.ts'
import type { RuleProgram } from './innate/seclang/program.ts'
import { createMemory } from './memory/create-memory.ts'
import type { Memory } from './memory/memory.ts'
import { createSelfScreen } from './memory/self-screen.ts'
import { createQuarantine, type Quarantine } from './quarantine/quarantine.ts'
import { type Canonicalizer, createCanonicalizer } from './request/canonicalize.ts'
import { createClientIdentifier } from './request/client-identity.ts'
import { createHeadReader, type HeadReader } from './request/request-head.ts'
import { RouteCatalog } from './request/route-catalog.ts'
import type { RecordLog } from './storage/record-log.ts'

/** An engine with all its layers, and nothing that listens, ticks or writes. */
export type Assembly = {
  readonly engine: Engine
  readonly innate: Innate
  readonly memory: Memory
  readonly adaptive: AdaptiveControl
  readonly behaviour: Behaviour
  readonly quarantine: Quarantine
  readonly tolerances: Tolerances
  /** Marks of deploys: what is new in their scope is expected for a while. */
  readonly deploys: Deploys
  /** Models of whole requests; nothing trains until somebody says so. */
  readonly selfModels: SelfModels
  readonly catalog: RouteCatalog
  readonly readHead: HeadReader
  readonly canonicalize: Canonicalizer
}

/** The rules of both languages, compiled. */
export type RuleSet = {
  readonly rules: readonly Rule[]
  /** SecLang files; `null` when there are none. */
  readonly program: RuleProgram | null
}

export type AssemblyOptions = {
  readonly config: Config
  readonly records: RecordLog
  readonly clock: Clock
  readonly random: Random
  readonly emit: EventListener
  readonly rules: RuleSet
  /** Layers that run; without `behaviour` nobody is followed, slowed by a rate or held. */
  readonly layers: ReadonlySet<Layer>
  /** Parts that are left out to see what they add. */
  readonly without?: ReadonlySet<Component>
}

const maxServices = 64

/** The shipped rules, those of the operator's own folder, and SecLang files. Throws THY_RULE. */
export function loadConfiguredRules({ innate }: Config): RuleSet {
  const { rulesDir, shippedRules, secLangFiles } = innate
  const directories = [...(shippedRules ? [shippedRulesDirectory] : []), ...(rulesDir === null ? [] : [rulesDir])]
  return {
    rules: loadRules(directories),
    program: secLangFiles.length === 0 ? null : loadSecLang(secLangFiles),
  }
}

/** Puts the layers together. The only place, with the commands, that knows every room. */
export function assemble(options: AssemblyOptions): Assembly {
  const { config, records, clock, random, emit } = options
  const has = (layer: Layer): boolean => options.layers.has(layer) && config[layer].enabled
  const { maxRoutes, maxFieldsPerRoute } = config.request
  const catalog = new RouteCatalog({ maxRoutes, maxFieldsPerRoute, maxServices })
  const identifier = createClientIdentifier({
    ...config.identity,
    trustedProxies: config.trustedProxies,
    hashKey: hashKeyOf(config, records.nodeId),
  })
  const { maxDecodeDepth } = config.request
  const canonicalize = createCanonicalizer({ limits: config.request, catalog })
  const origin = records.nodeId
  const { rules, program } = options.rules
  const scorer = scorerOf(config, options.without)
  const ruleOptions = { rules, paranoia: config.innate.paranoia, shadowRules: config.innate.shadowRules, scorer }
  const innate = createInnate(program === null ? ruleOptions : { ...ruleOptions, program, clock, random })
  const { adaptive, deploys, selfModels } = createAdaptiveParts(options, catalog)
  const { resolveService } = adaptive
  const readHead = createHeadReader({ ...config.identity, catalog, identifier, maxDecodeDepth, resolveService })
  const { memory, clones } = createMemoryParts(options, { adaptive, scorer, origin })
  const behaviour = createBehaviour({ config: config.behaviour, clock, random })
  const routesOf = (clientId: string) => behaviour.conduct(clientId)?.routes ?? []
  const quarantine = createQuarantine({ config: config.quarantine, records, clock, random, emit, origin, routesOf })
  const tolerances = createTolerances({ records, clock, configured: configuredTolerances(config, innate) })
  const rateLimits = createRateLimits({ ...config.innate, maxClients: config.behaviour.maxClients })
  const followsClients = options.layers.has('behaviour')
  const engine = createEngine({
    config,
    layers: {
      innate: has('innate') ? innate : null,
      rateLimits: has('innate') && followsClients ? rateLimits : null,
      memory: has('memory') ? memory : null,
      clones,
      adaptive: has('adaptive') ? adaptive : null,
      behaviour: has('behaviour') ? behaviour : null,
      quarantine: config.quarantine.enabled && followsClients ? quarantine : null,
      tolerances,
    },
    readHead,
    canonicalize,
    identifier,
    clock,
    random,
    emit,
  })
  return {
    engine,
    innate,
    memory,
    adaptive,
    behaviour,
    quarantine,
    tolerances,
    deploys,
    selfModels,
    catalog,
    readHead,
    canonicalize,
  }
}

type AdaptiveParts = { readonly adaptive: AdaptiveControl; readonly deploys: Deploys; readonly selfModels: SelfModels }

function createAdaptiveParts(options: AssemblyOptions, catalog: RouteCatalog): AdaptiveParts {
  const { records, clock, emit, without } = options
  const config = options.config.adaptive
  const deploys = createDeploys({ records, clock, windowMs: config.deployWindowMs })
  const learned = learnedParts(without ?? new Set())
  const selfModels = selfModelsOf(options.config, options)
  const fields = createAdaptive({ config, catalog, clock, emit, expectsNews: deploys.isRunning, ...learned })
  const hasModels = config.selfModel.enabled && without?.has('self-model') !== true
  return { adaptive: hasModels ? withSelfModels(fields, selfModels) : fields, deploys, selfModels }
}

function selfModelsOf({ adaptive }: Config, { clock, emit }: Pick<AssemblyOptions, 'clock' | 'emit'>): SelfModels {
  const random = createRandom(adaptive.seed)
  return createSelfModels({ config: adaptive, clock, random, trainer: createTrainer(), emit })
}

const dayMs = 86_400_000

/** Tolerances of the configuration. Throws THY_CONFIG when one names a rule or a tag that does not exist. */
function configuredTolerances({ tolerances }: Config, innate: Innate): readonly ConfiguredTolerance[] {
  const ofRules = innate.rules().flatMap(({ id, tags }) => [`innate:${id}`, ...tags.map((tag) => `tag:${tag}`)])
  const known = new Set([`innate:${tooMuchWorkId}`, `innate:${frozenScorerSource}`, ...ofRules])
  return tolerances.map(({ finding, service, method, route, field, until, reason }, index) => {
    if (/^(?:innate|tag):/.test(finding) && !known.has(finding)) {
      throw new ThymusError('THY_CONFIG', `tolerances[${index}].finding is ${finding}, and no rule has that id or tag.`)
    }
    return { scope: { service, method, route, field, finding }, reason, untilMs: Date.parse(until) + dayMs }
  })
}

/** The inherited repertoire, where the innate layer reads it. */
function scorerOf({ innate }: Config, without?: ReadonlySet<Component>): InnateScorer | null {
  const { enabled, denyScore } = innate.scorer
  return enabled && without?.has('frozen-scorer') !== true ? { ...shippedScorer(), denyScore } : null
}

type MemoryParts = { readonly memory: Memory; readonly clones: ClonalSelection | null }

function createMemoryParts(
  { config, records, clock, emit, without }: AssemblyOptions,
  parts: { readonly adaptive: AdaptiveControl; readonly scorer: InnateScorer | null; readonly origin: string },
): MemoryParts {
  const { adaptive, scorer, origin } = parts
  const { selfGrams } = adaptive
  const isSelf = createSelfScreen(scorer?.scorer ?? null, ({ request, field }) => adaptive.foreignness(request, field))
  const memory = createMemory({ config: config.memory, records, selfGrams, clock, emit, origin, isSelf })
  const areCloned = config.memory.clones && without?.has('clones') !== true
  return {
    memory,
    clones: areCloned ? createClonalSelection({ memory, random: createRandom(config.adaptive.seed) }) : null,
  }
}

/** Key of the hashes that stand for credentials: the same on all nodes that share holds, stable over restarts. */
function hashKeyOf(config: Config, nodeId: string): string {
  const { secret, url, prefix } = config.redis
  const shared = secret ?? (url === null ? nodeId : prefix)
  return createHash('sha256').update(`client ids ${shared}`).digest('hex')
}
