import type { Clock } from '../../../core/clock.ts'
import type { Random } from '../../../core/random.ts'
import type { RequestView } from '../../../request/request-view.ts'
import type { ProgramSettings, RuleProgram } from '../program.ts'
import { createMessageVariables } from '../variables/create-message-variables.ts'
import type { MessageVariables } from '../variables/message-variables.ts'
import { createActions } from './actions.ts'
import { createControls } from './controls.ts'
import { createTransaction } from './create-transaction.ts'
import { createJudge } from './judge.ts'
import { createLinkTrial } from './link-trial.ts'
import { createMacroExpansion } from './macro-expansion.ts'
import { createMatchReport } from './match-report.ts'
import { createOwnLooks } from './own-looks.ts'
import { createOwnVariables } from './own-variables.ts'
import { createPersistentStores, type PersistentStores } from './persistent-stores.ts'
import { createPhaseRun } from './phase-run.ts'
import { type PlannedLink, type PlannedProgramRule, planProgram } from './program-plan.ts'
import { createProgramRuleTrial, type Told } from './rule-trial.ts'
import { createTextReader } from './text-reader.ts'
import type { Transaction } from './transaction.ts'
import type { TransactionState } from './transaction-state.ts'
import { createVariableMap } from './variable-map.ts'
import { createViews } from './views.ts'

export type ProgramRunnerOptions = {
  /** Reads a request into the variables of SecLang, where a test has its own. */
  readonly createVariables?: (view: RequestView, settings: ProgramSettings) => MessageVariables
  readonly clock: Clock
  readonly random: Random
  /** Characters, each times the patterns that read it, after which nothing more of a transaction is tested. */
  readonly maxWork?: number
  /** Records that `initcol` and its kin keep. */
  readonly maxStoredRecords?: number
  /** Short texts whose answers are kept across requests. */
  readonly maxKeptTexts?: number
  /** Off only to check that it changes nothing. */
  readonly hasPrefilter?: boolean
}

export type ProgramRunner = {
  readonly begin: (view: RequestView) => Transaction
  /** Matches of a rule since the start, by its place in `program.rules`. */
  readonly hits: Float64Array
  readonly stores: Pick<PersistentStores, 'size' | 'dropped'>
}

/** Transaction variables of one request. */
const maxVariables = 4_096
const defaultMaxWork = 32_000_000
const defaultMaxRecords = 20_000
const defaultMaxKeptTexts = 2_048

/** Compiles a program for running; the work of a request is proportional to what its texts can match. */
export function createProgramRunner(program: RuleProgram, options: ProgramRunnerOptions): ProgramRunner {
  const { clock, random, createVariables = createMessageVariables, hasPrefilter = true } = options
  const { settings } = program
  const plan = planProgram(program, hasPrefilter)
  const reader = createTextReader(plan, hasPrefilter ? (options.maxKeptTexts ?? defaultMaxKeptTexts) : 0)
  const own = createOwnVariables(clock)
  const expand = createMacroExpansion(own)
  const stores = createPersistentStores({
    clock,
    maxRecords: options.maxStoredRecords ?? defaultMaxRecords,
    timeoutSeconds: settings.collectionTimeoutSeconds,
  })
  const actions = createActions({ expand, control: createControls(program), stores })
  const told: Told = { message: '', logData: '' }
  /** The starter tells, with the value that matched; SecAction as well. */
  const onMatch = (state: TransactionState, { rule, links: all }: PlannedProgramRule, planned: PlannedLink): void => {
    if (planned !== all[0] || !rule.flow.isLogged) return
    told.message = rule.flow.message === null ? '' : expand(state, rule.flow.message)
    told.logData = rule.flow.logData === null ? '' : expand(state, rule.flow.logData)
  }
  const judge = createJudge(reader, expand)
  const matches = createMatchReport({ judge, actions, onMatch })
  const tryLink = createLinkTrial({ reader, judge, own: createOwnLooks(own), matches })
  const ruleCount = program.rules.length
  const trial = createProgramRuleTrial({ tryLink, last: matches.last, judge, actions, expand, told, ruleCount })
  const runPhase = createPhaseRun(plan, trial)

  const start = (view: RequestView): TransactionState => {
    const variables = createVariables(view, settings)
    const nowMs = clock.now()
    return {
      view,
      variables,
      views: createViews(plan, variables, reader),
      beganAtMs: nowMs,
      uniqueId: `${nowMs}.${String(Math.floor(random() * 1_000_000)).padStart(6, '0')}`,
      tx: createVariableMap(maxVariables),
      env: createVariableMap(maxVariables),
      stores: new Map(),
      matched: { names: [], values: [] },
      work: { spent: 0, limit: options.maxWork ?? defaultMaxWork },
      matches: [],
      faults: [],
      rule: null,
      engine: settings.engine,
      processor: null,
      isBodyForced: false,
      hasRequestBody: settings.requestBodyAccess,
      hasResponseBody: settings.responseBodyAccess,
      highestSeverity: 255,
      allowed: 'none',
      interruption: null,
      removed: null,
      removedTargets: null,
    }
  }

  return {
    hits: trial.hits,
    stores,
    begin: (view) => createTransaction(start(view), runPhase, settings),
  }
}
