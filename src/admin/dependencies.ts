import type { Adaptive, Tolerances } from '../adaptive/adaptive.ts'
import type { Deploys } from '../adaptive/deploys.ts'
import type { SelfModels } from '../adaptive/self-model/self-models.ts'
import type { Behaviour } from '../behaviour/behaviour.ts'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import type { EventBus } from '../core/events.ts'
import type { Mode } from '../core/verdict.ts'
import type { Memory } from '../memory/memory.ts'
import type { Quarantine } from '../quarantine/quarantine.ts'
import type { RecordLog } from '../storage/record-log.ts'
import type { CaseLog } from '../telemetry/cases.ts'

/** A rule as the dashboard shows it. The static layer's own summary has this form. */
export type RuleView = {
  readonly id: string
  readonly family: string
  readonly title: string
  readonly paranoia: number
  readonly score: number
  readonly tags: readonly string[]
  readonly file: string
  readonly hits: number
  readonly isShadow: boolean
}

/** A learned route. The request catalogue's own entries have this form. */
export type RouteView = {
  readonly service: string
  readonly method: string
  readonly template: string
}

/** One thing that has to work before traffic should come. */
export type ReadinessCheck = {
  readonly name: string
  readonly isOk: boolean
  /** One sentence: what is missing, or what is there. */
  readonly detail: string
}

/** What outlives a restart, and whether the fleet can be reached. */
export type StoreState = {
  readonly backend: 'memory' | 'sqlite' | 'redis'
  readonly isConnected: boolean
  /** One sentence, without credentials. */
  readonly detail: string
}

/** Everything the admin listener reads and acts upon; handed in by the composition root. */
export type AdminDependencies = {
  readonly config: Config
  readonly clock: Clock
  readonly events: EventBus
  readonly records: Pick<RecordLog, 'nodeId' | 'append' | 'get'>
  readonly cases: Pick<CaseLog, 'get' | 'list' | 'review' | 'size'>
  readonly memory: Pick<Memory, 'cells' | 'forget'>
  readonly adaptive: Pick<Adaptive, 'progress' | 'profiles' | 'detectors' | 'retireDetector'>
  readonly tolerances: Pick<Tolerances, 'tolerate' | 'withdraw' | 'list'>
  readonly deploys: Pick<Deploys, 'mark' | 'list'>
  readonly models: Pick<SelfModels, 'list' | 'rollback' | 'training'>
  readonly behaviour: Pick<Behaviour, 'conduct' | 'list' | 'activeClients'>
  readonly quarantine: Pick<
    Quarantine,
    'lookup' | 'release' | 'extend' | 'exempt' | 'unexempt' | 'holds' | 'exemptions' | 'silenced'
  >
  readonly rules: () => readonly RuleView[]
  readonly routes: () => readonly RouteView[]
  readonly modeOf: (method: string, route: string) => { readonly mode: Mode; readonly from: string }
  /** A person confirms that a verdict was an attack; returns the id of the memory cell, if one was made. */
  readonly confirm: (referenceId: string, by: string) => string | undefined
  readonly metricsText: () => Promise<{ readonly contentType: string; readonly text: string }>
  readonly readiness: () => { readonly ready: boolean; readonly checks: readonly ReadinessCheck[] }
  readonly storeState: () => StoreState
  /** File in the data folder that holds the password hash. */
  readonly credentialsPath: string
  /** What the operator set as THYMUS_ADMIN_PASSWORD; `undefined` keeps the stored password. */
  readonly password?: string | undefined
  /** Further names under which a proxy reaches the listener; names that are not expected are refused. */
  readonly hostNames?: readonly string[] | undefined
  readonly version: string
  /** Folder of the built dashboard; found by itself unless a test says otherwise. */
  readonly dashboardDir?: string | undefined
}
