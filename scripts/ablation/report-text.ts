import type { Delta, MeasureName } from './paired-bootstrap.ts'
import { offByDefault, unmeasured } from './unmeasured.ts'

export type AblationRow = {
  readonly component: string
  readonly set: string
  /** `all layers` or `adaptive alone`. */
  readonly judge: string
  readonly deltas: Readonly<Record<MeasureName, Delta | null>>
}

export type FullRow = {
  readonly set: string
  readonly judge: string
  /** Shares with their intervals, as text. */
  readonly cells: readonly string[]
}

export type AblationReport = {
  readonly components: readonly string[]
  readonly rows: readonly AblationRow[]
  readonly full: readonly FullRow[]
  readonly seeds: readonly number[]
  readonly resamples: number
  readonly seconds: number
}

export const ablationCommand = 'node scripts/ablation.ts'

export type Verdict = 'adds' | 'adds nothing' | 'hurts' | 'adds and hurts'

const rates: readonly MeasureName[] = ['tprAt0001', 'tprAt001', 'deployedTpr']

/** By the intervals alone: detection that it adds or false alarms that it takes away, and the reverse. */
export function verdictOf(rows: readonly AblationRow[]): Verdict {
  let adds = false
  let hurts = false
  for (const { deltas } of rows) {
    const better = rates.map((name) => deltas[name])
    const worse = deltas.deployedFpr
    adds ||= better.some((delta) => delta !== null && delta.low > 0) || (worse !== null && worse.high < 0)
    hurts ||= better.some((delta) => delta !== null && delta.high < 0) || (worse !== null && worse.low > 0)
  }
  if (adds && hurts) return 'adds and hurts'
  if (adds) return 'adds'
  return hurts ? 'hurts' : 'adds nothing'
}

/** The whole of docs/ABLATION.md. */
export function reportText(report: AblationReport): string {
  return `${[
    '# What each component adds',
    '',
    `Made by \`${ablationCommand}\`; do not edit by hand. Each row compares a run with all components and a run with one ` +
      'left out (`thymus evaluate --without NAME`), or for what is off by default, a run with it and one without, on the same requests: a positive difference of a true positive rate ' +
      'is what the component adds, a positive difference of the false positive rate is what it costs. Thresholds are the ' +
      'shipped defaults (`deployed`) or those that give 0.1 % and 1 % false positives in that run.',
    '',
    `Differences are in percentage points, with 95 % intervals from ${report.resamples} paired resamples for each of the ` +
      `seeds ${report.seeds.join(', ')} (sites first and then their requests, where a set has sites; the figure itself is ` +
      'the mean over the seeds). On siteinject-dev each seed is also the seed of the engine; the other sets run with the ' +
      'first. The verdict reads the intervals of all rows of a component: *adds*, when one of them lies wholly on the good ' +
      'side of zero; *hurts*, when one lies wholly on the bad side; about one interval in twenty does so by chance.',
    '',
    'These are development sets: the frozen scorer and the weights were chosen with some of them at hand.',
    '',
    '## Verdicts',
    '',
    ...table(
      ['component', 'verdict', 'on by default'],
      report.components.map((name) => verdictRow(report, name)),
    ),
    '',
    '## All components',
    '',
    ...table(
      ['set', 'judge', ...measureTitles],
      report.full.map(({ set, judge, cells }) => [set, judge, ...cells]),
    ),
    '',
    '## Differences',
    '',
    ...table(['component', 'set', 'judge', ...measureTitles], report.rows.map(differenceRow)),
    '',
    `The run took ${Math.round(report.seconds)} s.`,
  ].join('\n')}\n`
}

const measureTitles: readonly string[] = ['TPR at 0.1 %', 'TPR at 1 %', 'TPR deployed', 'FPR deployed']

function verdictRow(report: AblationReport, name: string): readonly string[] {
  const reason = Object.hasOwn(unmeasured, name) ? unmeasured[name] : undefined
  const rows = report.rows.filter(({ component }) => component === name)
  const verdict = reason === undefined ? verdictOf(rows) : `not measured here: ${reason}`
  return [`\`${name}\``, verdict, offByDefault.has(name) ? 'no' : 'yes']
}

function differenceRow({ component, set, judge, deltas }: AblationRow): readonly string[] {
  const { tprAt0001, tprAt001, deployedTpr, deployedFpr } = deltas
  const cells = [tprAt0001, tprAt001, deployedTpr, deployedFpr].map(deltaText)
  return [`\`${component}\``, set, judge, ...cells]
}

function deltaText(delta: Delta | null): string {
  if (delta === null) return '-'
  return `${points(delta.point)} (${points(delta.low)} to ${points(delta.high)})`
}

function points(share: number): string {
  const text = (share * 100).toFixed(2)
  if (Number(text) === 0) return '0.00'
  return share > 0 ? `+${text}` : text
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}
