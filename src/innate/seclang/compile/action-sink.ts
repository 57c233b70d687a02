import type { Macro } from '../macro.ts'
import type { Action, PhaseNumber } from '../program.ts'
import type { Dialect } from './dialect.ts'

/** What a rule says about refusing; `block` does what SecDefaultAction says. */
export type WrittenDisruption =
  | { readonly kind: 'block' }
  | { readonly kind: 'pass' }
  | { readonly kind: 'deny' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'allow'; readonly scope: 'all' | 'phase' | 'request' }
  | { readonly kind: 'redirect'; readonly location: Macro }

export type WrittenAction = {
  readonly action: Action
  /** Done when the whole chain has matched, not as soon as its link does. */
  readonly isForChain: boolean
}

/** What the actions of one directive come to; filled by the entries of the action table in the order written. */
export type ActionSink = {
  id: number | null
  phase: PhaseNumber | null
  message: Macro | null
  logData: Macro | null
  readonly tags: string[]
  severityLevel: number | null
  version: string
  revision: string
  /** Lower-case names; `none` drops what stands before it. */
  readonly transformations: string[]
  readonly disruptions: WrittenDisruption[]
  status: number | null
  skip: number
  skipAfter: string | null
  isLogged: boolean | null
  isAudited: boolean | null
  isChained: boolean
  hasCapture: boolean
  isMultiMatch: boolean
  readonly actions: WrittenAction[]
}

export const emptySink = (): ActionSink => ({
  id: null,
  phase: null,
  message: null,
  logData: null,
  tags: [],
  severityLevel: null,
  version: '',
  revision: '',
  transformations: [],
  disruptions: [],
  status: null,
  skip: 0,
  skipAfter: null,
  isLogged: null,
  isAudited: null,
  isChained: false,
  hasCapture: false,
  isMultiMatch: false,
  actions: [],
})

/** What an action may use while it is read. */
export type ActionContext = {
  readonly dialect: Dialect
  /** Tells a person in one sentence that something is accepted and has no effect. */
  readonly notice: (sentence: string) => void
}
