import type { Component } from '../../src/ablation.ts'
import type { Layer } from '../../src/core/finding.ts'
import { createRandom } from '../../src/core/random.ts'
import { type Figures, figuresOf, type Track } from '../../src/replay/figures.ts'
import { plainProtocol } from '../../src/replay/protocol.ts'
import { type DataSet, fileOf, taughtSets, untaughtSets } from '../measure/data-sets.ts'
import type { Job, JobResult } from '../measure/job.ts'
import { runJobs } from '../measure/run-jobs.ts'
import { rateText } from '../measure/share-text.ts'
import { deltasOf, type MeasureName, summarize } from './paired-bootstrap.ts'
import type { AblationReport, AblationRow, FullRow } from './report-text.ts'
import { measuredOf, offByDefault } from './unmeasured.ts'

export type AblationOptions = {
  readonly folder: string
  readonly components: readonly Component[]
  readonly seeds: readonly number[]
  readonly resamples: number
  readonly threads: number
  readonly log: (line: string) => void
}

const layers: readonly Layer[] = ['innate', 'memory', 'adaptive']
const allLayers = 'all layers'
const adaptiveAlone = 'adaptive alone'

/** A set with the seeds of its engines: many sites are cheap to run again, the large sets run once. */
type Plan = { readonly set: DataSet; readonly engineSeeds: readonly number[] }
type Cell = {
  readonly plan: Plan
  readonly without: Component | null
  /** On here, though off by default. */
  readonly extra: Component | null
  readonly seed: number
}

/** The run with a component and the run without it: those that are off by default are added, all others left out. */
const withIt = (component: Component): Pick<Cell, 'without' | 'extra'> => ({
  without: null,
  extra: offByDefault.has(component) ? component : null,
})
const withoutIt = (component: Component): Pick<Cell, 'without' | 'extra'> => ({
  without: offByDefault.has(component) ? null : component,
  extra: null,
})
const asShipped: Pick<Cell, 'without' | 'extra'> = { without: null, extra: null }

export async function runAblation(options: AblationOptions): Promise<AblationReport> {
  const startMs = performance.now()
  const measured = measuredOf(options.components)
  const [first = 1] = options.seeds
  const plans = [...taughtSets, ...untaughtSets].map((set) => ({
    set,
    engineSeeds: set.groupBy === null ? [first] : options.seeds,
  }))
  const changes = measured.map((component) => (offByDefault.has(component) ? withIt(component) : withoutIt(component)))
  const cells = plans.flatMap((plan) =>
    [asShipped, ...changes].flatMap((change) => plan.engineSeeds.map((seed): Cell => ({ plan, ...change, seed }))),
  )
  const results = await runJobs(
    cells.map((cell) => jobOf(options.folder, cell)),
    { threads: options.threads, onDone: (done, total) => options.log(`run ${done} of ${total}`) },
  )
  const resultOf = (wanted: Cell): JobResult => {
    const at = cells.findIndex(
      ({ plan, without, extra, seed }) =>
        plan === wanted.plan && without === wanted.without && extra === wanted.extra && seed === wanted.seed,
    )
    const result = results[at]
    if (result === undefined) throw new Error(`there is no run of ${wanted.plan.set.name} with seed ${wanted.seed}`)
    return result
  }
  const rows = measured.flatMap((component) => plans.flatMap((plan) => rowsOf({ plan, component, options }, resultOf)))
  return {
    components: options.components,
    rows,
    full: plans.flatMap((plan) => fullRows(plan, resultOf({ plan, ...asShipped, seed: first }))),
    seeds: options.seeds,
    resamples: options.resamples,
    seconds: (performance.now() - startMs) / 1_000,
  }
}

function jobOf(folder: string, { plan, without, extra, seed }: Cell): Job {
  return {
    file: fileOf(folder, plan.set),
    groupBy: plan.set.groupBy,
    layers,
    without: without === null ? [] : [without],
    extra: extra === null ? [] : [extra],
    seed,
    protocol: { ...plainProtocol, seed },
  }
}

type Place = { readonly plan: Plan; readonly component: Component; readonly options: AblationOptions }

function rowsOf({ plan, component, options }: Place, resultOf: (cell: Cell) => JobResult): readonly AblationRow[] {
  const judges = untaughtSets.includes(plan.set) ? [allLayers] : [allLayers, adaptiveAlone]
  return judges.flatMap((judge): readonly AblationRow[] => {
    const runs = options.seeds.flatMap((seed) => {
      const engineSeed = plan.engineSeeds.includes(seed) ? seed : (plan.engineSeeds[0] ?? seed)
      const full = resultOf({ plan, ...withIt(component), seed: engineSeed })
      const lesser = resultOf({ plan, ...withoutIt(component), seed: engineSeed })
      const tracks = { full: trackOf(full, judge), without: trackOf(lesser, judge) }
      if (tracks.full === undefined || tracks.without === undefined) return []
      if (lesser.cases.length !== full.cases.length) throw new Error(`without ${component} other requests were scored`)
      const pair = { cases: full.cases, full: tracks.full, without: tracks.without }
      return [deltasOf(pair, { resamples: options.resamples, random: createRandom(seed) })]
    })
    if (runs.length === 0) return []
    const delta = (name: MeasureName) => summarize(runs, name)
    const deltas = {
      tprAt0001: delta('tprAt0001'),
      tprAt001: delta('tprAt001'),
      deployedTpr: delta('deployedTpr'),
      deployedFpr: delta('deployedFpr'),
    }
    return [{ component, set: plan.set.name, judge, deltas }]
  })
}

function trackOf(result: JobResult, judge: string): Track | undefined {
  return judge === allLayers ? result.all : result.layers.get('adaptive')
}

function fullRows({ set }: Plan, result: JobResult): readonly FullRow[] {
  const rows: (readonly [string, Figures | undefined])[] = [
    [allLayers, figuresOf(result.cases, result.all)],
    ['innate alone', result.report.layers['innate']],
    [adaptiveAlone, result.report.layers['adaptive']],
    ['control: pattern', result.report.controls['pattern']],
    ['control: whitelist', result.report.controls['whitelist']],
  ]
  return rows.flatMap(([judge, figures]) =>
    figures === undefined ? [] : [{ set: set.name, judge, cells: cellsOf(figures) }],
  )
}

function cellsOf({ tprAtFpr, tprAtFprCi, asDeployed }: Figures): readonly string[] {
  return [
    rateText(tprAtFpr['0.001'], tprAtFprCi['0.001']),
    rateText(tprAtFpr['0.01'], tprAtFprCi['0.01']),
    rateText(asDeployed.tpr, asDeployed.tprCi),
    rateText(asDeployed.fpr, asDeployed.fprCi),
  ]
}
