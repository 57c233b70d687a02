import type { RequestView } from '../../../request/request-view.ts'
import type { Work } from '../../operators/operator.ts'
import type { BodyProcessor, EngineMode, OrderedRule, StoreName, VariableSelector } from '../program.ts'
import type { MessageVariables } from '../variables/message-variables.ts'
import type { BoundStore } from './persistent-stores.ts'
import type { Interruption, RuleFault, RuleMatch } from './transaction.ts'
import type { VariableMap } from './variable-map.ts'
import type { Views } from './views.ts'

/** What one transaction knows. Every part of the run reads and writes it; nobody outside of the folder sees it. */
export type TransactionState = {
  readonly view: RequestView
  readonly variables: MessageVariables
  readonly views: Views
  readonly beganAtMs: number
  readonly uniqueId: string
  readonly tx: VariableMap
  readonly env: VariableMap
  readonly stores: Map<StoreName, BoundStore>
  readonly matched: Matched
  readonly work: Work
  readonly matches: RuleMatch[]
  readonly faults: RuleFault[]
  /** The rule that runs. */
  rule: OrderedRule | null
  engine: EngineMode
  processor: BodyProcessor | null
  isBodyForced: boolean
  hasRequestBody: boolean
  hasResponseBody: boolean
  /** Numbers as SecLang has them, 0 the worst; 255 when nothing matched. */
  highestSeverity: number
  allowed: 'none' | 'phase' | 'request' | 'all'
  interruption: Interruption | null
  /** Rules that ctl took out, by their place in the program. */
  removed: Uint8Array | null
  /** Targets that ctl took out of rules. */
  removedTargets: Map<number, VariableSelector[]> | null
}

/** MATCHED_VAR and its kin. They gather over rules that match and are emptied by one that does not, as in libmodsecurity. */
export type Matched = { readonly names: string[]; readonly values: string[] }

/** Arguments come in thousands; more matches than this are not noted. */
const maxMatched = 1_024

export function noteMatched({ names, values }: Matched, name: string, value: string): void {
  if (names.length >= maxMatched) {
    names.pop()
    values.pop()
  }
  names.push(name)
  values.push(value)
}

export function clearMatched({ names, values }: Matched): void {
  if (names.length === 0) return
  names.length = 0
  values.length = 0
}
