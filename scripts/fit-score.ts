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
import type { ScoreModel } from '../src/adaptive/score-model.ts'
import { fitTail, type Ordinary } from './fitting/fit-tail.ts'
import { fitWeights, scoreOf, type Weights } from './fitting/fit-weights.ts'
import { type Point, readMaterial, type Sample } from './fitting/material.ts'

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
    const [bias, masked, rarity, type, surprise] = weights
    const tail = new ServiceTail({
      weights: { bias, masked, rarity, type, surprise },
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

/** Fits one model, prints its figures with services left out, and gives what is shipped. */
function fitModel(samples: readonly Sample[]): ScoreModel {
  const scored = leaveServicesOut(samples)
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
  const [bias = 0, masked = 0, rarity = 0, type = 0, surprise = 0] = fitted.map(
    (weight) => Math.round(weight * 1_000) / 1_000,
  )
  return {
    weights: { bias, masked, rarity, type, surprise },
    tail: fitTail(ordinaryOf(samples, () => [bias, masked, rarity, type, surprise])),
  }
}

type Change = (point: Point) => Point

const changed = (samples: readonly Sample[], change: Change): readonly Sample[] =>
  samples.map((sample) => ({ ...sample, points: sample.points.map(change) }))

/** Beside the frozen scorer a new type adds nothing on sites and costs a third of the attacks on free text. */
const withoutType: Change = ([masked, rarity, , surprise]) => [masked, rarity, 0, surprise]
const withoutScorer: Change = ([, rarity, type, surprise]) => [0, rarity, type, surprise]

const samples = readMaterial(process.argv[2] ?? '../shared/data')
console.log(
  `${samples.length} requests of ${new Set(samples.map(({ group }) => group)).size} services, each left out in turn`,
)
const whole = fitModel(changed(samples, withoutType))
console.log('without the frozen scorer, which is all that tells attacks from prose: without the fields of free text')
const structured = samples.filter(({ group }) => !group.startsWith('text'))
const alone = fitModel(changed(structured, withoutScorer))
const file = { version: 2, ...whole, withoutScorer: alone }
console.log(JSON.stringify(file))
if (!process.argv.includes('--dry-run')) {
  writeFileSync('models/self-score/model.json', `${JSON.stringify(file)}\n`)
}
