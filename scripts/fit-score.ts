/**
 * Fits models/self-score: the weights of the log-odds that a value is foreign to its field's self. Usage:
 *
 *   node scripts/fit-score.ts ../shared/data            prints the leave-sites-out figures and writes the model
 *   node scripts/fit-score.ts ../shared/data --dry-run  prints only
 *
 * Every site of siteinject-dev learns its own self-train part; the values that self does not cover become points. A
 * request counts by its most foreign value, so that choosing that value and fitting the weights alternate (multiple
 * instance learning). Weights cannot turn negative. Seven folds of sites give the figures, all sites the model.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCompared } from '../src/adaptive/compared.ts'
import { Learner } from '../src/adaptive/learner.ts'
import { loadRarity } from '../src/adaptive/rarity.ts'
import { SelfStore } from '../src/adaptive/self-store.ts'
import { SurpriseMeter } from '../src/adaptive/surprise.ts'
import { hasOnlyChunks } from '../src/antigen/chunks.ts'
import { configSchema } from '../src/config/schema.ts'
import { createCanonicalizer } from '../src/request/canonicalize.ts'
import { createClientIdentifier } from '../src/request/client-identity.ts'
import { fieldFlags } from '../src/request/field.ts'
import { createHeadReader } from '../src/request/request-head.ts'
import { RouteCatalog } from '../src/request/route-catalog.ts'
import { type Row, readRows, viewOf } from './recorded-rows.ts'

/** `ln(1 + rarity)`, type, length of one foreign value. */
type Point = readonly [rarity: number, type: number, length: number]
type Sample = { readonly site: string; readonly isAttack: boolean; readonly points: readonly Point[] }
/** Bias, then one weight per member of a point. */
type Weights = readonly [bias: number, rarity: number, type: number, length: number]

const folder = process.argv[2] ?? '../shared/data'
const config = configSchema.parse({})
const rarity = loadRarity()
const folds = 7

/** Learns one site's own traffic and measures the rest of it. */
function samplesOf(site: string, rows: readonly Row[]): Sample[] {
  const catalog = new RouteCatalog({ ...config.request, maxServices: 64 })
  const identifier = createClientIdentifier({ ...config.identity, trustedProxies: [] })
  const readHead = createHeadReader({ ...config.identity, ...config.request, catalog, identifier })
  const canonicalize = createCanonicalizer({ limits: config.request, catalog })
  const store = new SelfStore(catalog, config.adaptive.maxProfiles)
  const learner = new Learner({
    store,
    rule: config.adaptive,
    trusted: null,
    onSelfValue: () => {},
    wouldAlarm: () => false,
  })
  const meter = new SurpriseMeter(rarity)
  const views = rows.filter(({ split }) => split === 'self-train').map(viewOf)
  for (const view of views) {
    const head = readHead(view)
    catalog.learnRoute(head.service, view.method, head.path.resolved)
  }
  for (const view of views) learner.learn(canonicalize(view, readHead(view)), true)
  return rows
    .filter(({ split }) => split !== 'self-train')
    .map((row) => {
      const view = viewOf(row)
      const request = canonicalize(view, readHead(view))
      const service = store.service(request.route.service)
      const points: Point[] = []
      for (const field of request.fields) {
        const own = store.field(field.slot)
        if (!isCompared(field) || (field.flags & fieldFlags.literal) !== 0 || field.location === 'header') continue
        if (own !== undefined && hasOnlyChunks(field.value, own.self)) continue
        const named = field.sharedSlot === field.slot ? undefined : store.field(field.sharedSlot)
        const shared = named ?? (own === undefined ? service : undefined)
        const surprise = meter.measure(field.value, { own, shared })
        if (surprise.rarity > 0) points.push([Math.log(1 + surprise.rarity), surprise.type, surprise.length])
      }
      return { site, isAttack: row.label === 'attack', points }
    })
}

function logOdds(weights: Weights, point: Point): number {
  return weights[0] + weights[1] * point[0] + weights[2] * point[1] + weights[3] * point[2]
}

function mostForeign(weights: Weights, { points }: Sample): Point | undefined {
  let best: Point | undefined
  for (const point of points) if (best === undefined || logOdds(weights, point) > logOdds(weights, best)) best = point
  return best
}

/** Both classes weigh the same; plain gradient descent on the logistic loss with a little shrinkage. */
function fitWeights(samples: readonly Sample[]): Weights {
  let weights: Weights = [-8, 1.5, 1, 0.2]
  for (let round = 0; round < 8; round += 1) {
    const chosen = samples.flatMap((sample) => {
      const point = mostForeign(weights, sample)
      return point === undefined ? [] : [{ point, isAttack: sample.isAttack }]
    })
    const attacks = chosen.filter(({ isAttack }) => isAttack).length
    for (let step = 0; step < 400; step += 1) {
      const gradient = [0, 0, 0, 0]
      for (const { point, isAttack } of chosen) {
        const share = 0.5 / (isAttack ? attacks : chosen.length - attacks)
        const error = (1 / (1 + Math.exp(-logOdds(weights, point))) - (isAttack ? 1 : 0)) * share
        for (const [index, value] of [1, ...point].entries()) gradient[index] = (gradient[index] ?? 0) + error * value
      }
      const moved = weights.map((weight, index) => {
        const next = weight - 1.5 * (gradient[index] ?? 0) - (index === 0 ? 0 : 0.0005 * weight)
        return index === 0 ? next : Math.max(0, next)
      })
      weights = moved as unknown as Weights
    }
  }
  return weights
}

/** Share of the attacks above the score that the given share of benign requests exceeds. */
function tprAt(scored: readonly { readonly score: number; readonly isAttack: boolean }[], fpr: number): number {
  const benign = scored
    .filter(({ isAttack }) => !isAttack)
    .map(({ score }) => score)
    .sort((a, b) => b - a)
  const threshold = benign[Math.floor(fpr * benign.length)] ?? Number.POSITIVE_INFINITY
  const attacks = scored.filter(({ isAttack }) => isAttack)
  return attacks.filter(({ score }) => score > threshold).length / attacks.length
}

const rows = readRows(join(folder, 'siteinject-dev.jsonl.gz'))
const bySite = Map.groupBy(rows, ({ client = '' }) => client)
const samples = [...bySite].flatMap(([site, own]) => samplesOf(site, own))
const sites = [...bySite.keys()]
const scored = Array.from({ length: folds }, (_, fold) => {
  const held = new Set(sites.filter((_site, index) => index % folds === fold))
  const weights = fitWeights(samples.filter(({ site }) => !held.has(site)))
  return samples
    .filter(({ site }) => held.has(site))
    .map((sample) => {
      const point = mostForeign(weights, sample)
      return {
        score: point === undefined ? Number.NEGATIVE_INFINITY : logOdds(weights, point),
        isAttack: sample.isAttack,
      }
    })
}).flat()
for (const fpr of [0.001, 0.005, 0.01]) {
  console.log(`sites left out: TPR ${(tprAt(scored, fpr) * 100).toFixed(1)} % at FPR ${fpr * 100} %`)
}
const [bias, ...rest] = fitWeights(samples).map((weight) => Math.round(weight * 1_000) / 1_000) as unknown as Weights
const weights = { bias, rarity: rest[0], type: rest[1], length: rest[2], closedness: 0 }
console.log(JSON.stringify(weights))
if (!process.argv.includes('--dry-run')) {
  writeFileSync('models/self-score/model.json', `${JSON.stringify({ version: 1, weights })}\n`)
}
