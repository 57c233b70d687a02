import type { LoadedConfig } from '../config/load-config.ts'
import type { Config } from '../config/schema.ts'
import type { RuleSummary } from '../innate/innate.ts'
import type { MemoryCell } from '../memory/memory.ts'
import type { Exemption, Hold } from '../quarantine/quarantine.ts'
import type { ReplayEngine, ReplayEngineOptions } from '../replay/replay-engine.ts'

/** What the commands need of the rest of Thymus. `main.ts` binds it to the composition root, tests to small doubles. */
export type Parts = {
  /** Opens the gateway and the admin listener. Throws THY_PORT, THY_DATA_DIR, THY_RULE, THY_UPSTREAM. */
  readonly startGateway: (loaded: LoadedConfig, io: StartIo) => Promise<RunningGateway>
  /** Gateway, bundled API and simulated clients; for `start` without an upstream it goes on until it is closed. */
  readonly startDemo: (loaded: LoadedConfig, io: StartIo & { readonly isUnattended: boolean }) => Promise<RunningDemo>
  readonly createReplayEngine: (options: ReplayEngineOptions) => ReplayEngine | Promise<ReplayEngine>
  /** An engine over the data folder of the configuration; `save` writes what it learned. */
  readonly openLearner: (config: Config) => Promise<Learner>
  readonly rules: (config: Config) => RuleBook | Promise<RuleBook>
  /** The stored state in the data folder, without a running gateway. */
  readonly openState: (config: Config) => Promise<StoredState>
}

export type StartIo = {
  /** One line for the person at the terminal. */
  readonly log: (line: string) => void
  /** Aborts when the program was told to stop while still starting. */
  readonly signal: AbortSignal
}

export type RunningGateway = {
  readonly gatewayUrl: string
  /** `null` when the admin listener is off. */
  readonly adminUrl: string | null
  /** Shown once, at the first start in a data folder. */
  readonly firstRunPassword: string | null
  /** What rule files ask for and does not happen here, a sentence each. */
  readonly notices: readonly string[]
  /** Takes in new settings as a whole, or throws and keeps the old ones. */
  readonly reload: (config: Config) => Promise<void>
  /** Drains: stops accepting, finishes running requests, writes what is not yet on disk. */
  readonly close: () => Promise<void>
}

export type RunningDemo = Omit<RunningGateway, 'reload'> & {
  /** What was shown; resolves after the last step, rejects when the demo was closed before. */
  readonly finished: Promise<{ readonly report: Readonly<Record<string, unknown>>; readonly isComplete: boolean }>
}

export type Learner = {
  readonly engine: ReplayEngine
  /** What people should know before they read on: that learned state could not be used. */
  readonly notes: readonly string[]
  readonly save: () => Promise<void>
}

/** Rules as people ask about them. */
export type RuleBook = {
  readonly list: () => readonly RuleSummary[]
  /** What rule files ask for and does not happen here, a sentence each. */
  readonly notices: readonly string[]
  /** Runs the cases that stand beside each rule. */
  readonly test: () => RuleTestReport
  /** What a rule looks for, as it stands in its file. */
  readonly explain: (id: string) => RuleExplanation | undefined
}

export type RuleTestReport = {
  readonly rules: number
  readonly cases: number
  readonly failures: readonly {
    readonly ruleId: string
    readonly expected: 'match' | 'no match'
    readonly sample: string
  }[]
}

export type RuleExplanation = {
  readonly summary: RuleSummary
  readonly line: number
  /** Its lines in the file, without the cases. */
  readonly source: readonly string[]
  readonly attack: readonly string[]
  readonly benign: readonly string[]
}

/** Cells, holds and exemptions as they lie in the data folder. */
export type StoredState = {
  readonly cells: () => readonly MemoryCell[]
  readonly forget: (cellId: string, by: string) => boolean
  readonly holds: () => readonly Hold[]
  readonly exemptions: () => readonly Exemption[]
  readonly release: (clientId: string, by: string, reason: string) => boolean
  readonly exempt: (clientId: string, options: { by: string; reason: string; untilMs: number | null }) => Exemption
  /** Writes what was changed and lets go of the folder. */
  readonly close: () => Promise<void>
}
