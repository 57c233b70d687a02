/**
 * Fits models/self-score: the weights of the log-odds that a value is foreign to its field's self, and what these are
 * like for ordinary requests of any service. Usage:
 *
 *   node scripts/fit-score.ts ../shared/data            prints the services-left-out figures and writes the model
 *   node scripts/fit-score.ts ../shared/data --dry-run  prints only
 *
 * Services are the sites of siteinject-dev, hosts of recorded browsing and fields of human text with attacks put in, one
 * shop and one list of values. Each learns its own traffic; folds of services give the figures, all services the model.
 * Every figure printed is of services that the weights and the threshold behind it have not seen.
 */
import { writeFileSync } from 'node:fs'
import { ServiceTail, scoreOfRate } from '../src/adaptive/calibration.ts'
import { fitTail, type Ordinary } from './fitting/fit-tail.ts'
import { fitWeights, scoreOf, type Weights } from './fitting/fit-weights.ts'
import { readMaterial, type Sample } from './fitting/material.ts'

const folds = 7
const denyScore = 0.97

type Scored = { readonly sample: Sample; readonly score: number; readonly isDenied: boolean }

const foldOf = (group: string, groups: readonly string[]): number => groups.indexOf(group) % folds

function ordinaryOf(samples: readonly Sample[], weights: (sample: Sample) => Weights): Ordinary[] {
  const benign = samples.filter(({ isAttack }) => !isAttack)
  return [...Map.groupBy(benign, ({ group }) => group)].map(([group, own]) => ({
    group,
    scores: own.map((sample) => scoreOf(weights(sample), sample)),
  }))
}

/** Scores every service with weights and a tail that were fitted without the services of its fold. */
function leaveServicesOut(samples: readonly Sample[]): readonly Scored[] {
  const groups = [...new Set(samples.map(({ group }) => group))].sort()
  return Array.from({ length: folds }, (_, fold) => {
    const isHeld = ({ group }: Sample): boolean => foldOf(group, groups) === fold
    const others = samples.filter((sample) => !isHeld(sample))
    const weights = fitWeights(others)
    const [bias, masked, rarity, surprise] = weights
    const tail = new ServiceTail({
      weights: { bias, masked, rarity, surprise },
      tail: fitTail(ordinaryOf(others, () => weights)),
    })
    return samples.filter(isHeld).map((sample) => {
      const score = scoreOf(weights, sample)
      return { sample, score, isDenied: scoreOfRate(tail.rateOf(score)) >= denyScore }
    })
  }).flat()
}

/** Share of the attacks above the score that the given share of benign requests exceeds. */
function tprAt(scored: readonly Scored[], fpr: number): number {
  const benign = scored
    .filter(({ sample }) => !sample.isAttack)
    .map(({ score }) => score)
    .sort((a, b) => b - a)
  const threshold = benign[Math.floor(fpr * benign.length)] ?? Number.NEGATIVE_INFINITY
  const attacks = scored.filter(({ sample }) => sample.isAttack)
  return attacks.filter(({ score }) => score > threshold).length / attacks.length
}

function describe(name: string, scored: readonly Scored[]): string {
  const percent = (value: number): string => `${(value * 100).toFixed(2)} %`
  const share = (isAttack: boolean): number => {
    const own = scored.filter(({ sample }) => sample.isAttack === isAttack)
    return own.filter(({ isDenied }) => isDenied).length / own.length
  }
  const curve = [0.001, 0.005, 0.01].map((fpr) => `${percent(tprAt(scored, fpr))} at ${fpr * 100} %`)
  return `${name.padEnd(12)} TPR ${curve.join(', ')}; by the belief alone ${percent(share(true))} at ${percent(share(false))}`
}

const samples = readMaterial(process.argv[2] ?? '../shared/data')
const scored = leaveServicesOut(samples)
console.log(
  `${samples.length} requests of ${new Set(samples.map(({ group }) => group)).size} services, each left out in turn`,
)
for (const [name, own] of Map.groupBy(scored, ({ sample }) => sample.group.split(' ')[0] ?? '')) {
  console.log(describe(name, own))
}
console.log(
  describe(
    'site + host',
    scored.filter(({ sample }) => /^(?:site|host)/.test(sample.group)),
  ),
)
const fitted = fitWeights(samples)
const [bias = 0, masked = 0, rarity = 0, surprise = 0] = fitted.map((weight) => Math.round(weight * 1_000) / 1_000)
const tail = fitTail(ordinaryOf(samples, () => [bias, masked, rarity, surprise]))
const model = { version: 2, weights: { bias, masked, rarity, surprise }, tail }
console.log(JSON.stringify(model))
if (!process.argv.includes('--dry-run')) {
  writeFileSync('models/self-score/model.json', `${JSON.stringify(model)}\n`)
}
