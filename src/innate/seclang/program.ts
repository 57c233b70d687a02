import type { Question, Rule } from '../rule.ts'
import type { Macro } from './macro.ts'

/**
 * What SecLang files compile to: rules like all others, with a `flow` because their order counts, and one list per phase.
 * All text is a byte string: one character per byte, U+0000 to U+00FF.
 */
export type RuleProgram = {
  /** Every rule of all phases, in the order of the files; chained rules are conditions of their starter. */
  readonly rules: readonly OrderedRule[]
  /** Steps of phases 1 to 5, at index phase - 1. */
  readonly phases: readonly (readonly ProgramStep[])[]
  readonly settings: ProgramSettings
  /** One sentence for each thing that is accepted and has no effect here, such as a look-up over the network. */
  readonly notices: readonly string[]
}

export type ProgramStep =
  | { readonly kind: 'rule'; readonly rule: OrderedRule }
  /** Where `skipAfter` goes on. */
  | { readonly kind: 'marker'; readonly name: string }

/** A rule of a program: the links of its chain are its conditions, `flow` says what happens when all of them match. */
export type OrderedRule = Rule<Link> & { readonly flow: Flow }

/** SecLang phases: request head, request body, response head, response body, logging. */
export type PhaseNumber = 1 | 2 | 3 | 4 | 5

/** One thing a condition looks at: `ARGS`, `REQUEST_HEADERS:User-Agent`, `&TX:x`, `ARGS:/^q/`, `XML:/*`. */
export type VariableSelector = {
  /** Upper case, as the reference manual spells it. */
  readonly name: string
  readonly key: KeySelector
  /** `&NAME`: how many there are, as one value. */
  readonly isCount: boolean
}

export type KeySelector =
  | { readonly kind: 'all' }
  /** Keys compare without regard to case. */
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'pattern'; readonly source: string; readonly matches: (key: string) => boolean }
  /** An XPath of `XML`. */
  | { readonly kind: 'path'; readonly path: string }

/** What a condition of a program looks at. */
export type VariableTargets = {
  /** As written, for people. */
  readonly source: readonly string[]
  readonly included: readonly VariableSelector[]
  readonly excluded: readonly VariableSelector[]
}

/**
 * One SecRule of a chain. A SecAction is a link without included targets, whose operator always says yes: it runs once,
 * on an empty text.
 */
export type Link = Question<VariableTargets> & {
  /** Runs the operator after each transformation instead of after the last. */
  readonly isMultiMatch: boolean
  readonly hasCapture: boolean
  /**
   * In the order written. A store is bound when the link first matches, variables are set for each value that matches,
   * whether or not the chain goes on to match; all else waits until the links that follow have matched, as in libmodsecurity.
   */
  readonly actions: readonly Action[]
}

/** What happens when the whole chain matches. */
export type Flow = {
  readonly phase: PhaseNumber
  /** Number in the file, used by ctl; the `id` of the rule is its decimal text. */
  readonly number: number
  /** `block` is already replaced by what SecDefaultAction says. */
  readonly disruption: Disruption
  /** Steps to jump over. */
  readonly skip: number
  readonly skipAfter: string | null
  readonly isLogged: boolean
  /** `noauditlog`: reported here and by ModSecurity 2; ModSecurity 3 logs no such match at all. */
  readonly isAudited: boolean
  readonly message: Macro | null
  readonly logData: Macro | null
  /** 0 (emergency) to 7 (debug), as `HIGHEST_SEVERITY` and `RULE:severity` count; null when the rule names none. */
  readonly severityLevel: number | null
  /** `rev` and `ver`, for `RULE:rev` and `RULE:ver`; '' when the rule names none. */
  readonly revision: string
  readonly version: string
}

export type Disruption =
  | { readonly kind: 'pass' }
  /** `allow`: ends all phases; `allow:phase`: the current one; `allow:request`: phases 1 and 2. */
  | { readonly kind: 'allow'; readonly scope: 'all' | 'phase' | 'request' }
  | { readonly kind: 'deny'; readonly status: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'redirect'; readonly location: Macro; readonly status: number }

export type StoreName = 'tx' | 'ip' | 'global' | 'session' | 'resource' | 'user' | 'env'

export type Action =
  | {
      readonly kind: 'setvar'
      readonly store: StoreName
      readonly key: Macro
      readonly change: 'set' | 'add' | 'subtract' | 'unset'
      readonly value: Macro
    }
  | { readonly kind: 'expirevar'; readonly store: StoreName; readonly key: Macro; readonly seconds: Macro }
  /** `initcol:ip=%{REMOTE_ADDR}`, `setsid`, `setuid`, `setrsc`: binds a store that outlives the request. */
  | { readonly kind: 'bind'; readonly store: StoreName; readonly key: Macro }
  | { readonly kind: 'ctl'; readonly control: Control }

/** What `ctl` changes for the rest of one request. */
export type Control =
  | { readonly kind: 'ruleEngine'; readonly mode: EngineMode }
  | { readonly kind: 'removeById'; readonly ranges: readonly NumberRange[] }
  | { readonly kind: 'removeByTag'; readonly matches: (tag: string) => boolean }
  | { readonly kind: 'removeByMessage'; readonly matches: (message: string) => boolean }
  | { readonly kind: 'removeTargetById'; readonly ranges: readonly NumberRange[]; readonly target: VariableSelector }
  | {
      readonly kind: 'removeTargetByTag'
      readonly matches: (tag: string) => boolean
      readonly target: VariableSelector
    }
  | {
      readonly kind: 'removeTargetByMessage'
      readonly matches: (message: string) => boolean
      readonly target: VariableSelector
    }
  | { readonly kind: 'bodyProcessor'; readonly processor: BodyProcessor }
  | { readonly kind: 'forceBodyVariable'; readonly isOn: boolean }
  | { readonly kind: 'bodyAccess'; readonly isOn: boolean }
  | { readonly kind: 'responseBodyAccess'; readonly isOn: boolean }
  /** Audit and debug controls: accepted, without effect. */
  | { readonly kind: 'none'; readonly name: string }

export type NumberRange = { readonly first: number; readonly last: number }
export type EngineMode = 'on' | 'off' | 'detection-only'
export type BodyProcessor = 'URLENCODED' | 'MULTIPART' | 'JSON' | 'XML'

export type LimitAction = 'reject' | 'process-partial'

/** The directives that are not rules. */
export type ProgramSettings = {
  readonly engine: EngineMode
  readonly requestBodyAccess: boolean
  readonly responseBodyAccess: boolean
  /** Bytes. */
  readonly requestBodyLimit: number
  readonly requestBodyNoFilesLimit: number
  readonly responseBodyLimit: number
  /** What happens to a body beyond its limit: refused, or looked at up to there. */
  readonly requestBodyLimitAction: LimitAction
  readonly responseBodyLimitAction: LimitAction
  /** Without parameters, lower case. `*` stands for every type. */
  readonly responseBodyMimeTypes: readonly string[]
  /**
   * Processors that the content type alone picks, besides those for forms: JSON and XML, as far as no rule picks them
   * (`ctl:requestBodyProcessor`). A rule set that was written to have them picked elsewhere then still sees such bodies.
   */
  readonly typedProcessors: readonly BodyProcessor[]
  readonly jsonDepthLimit: number
  readonly argumentsLimit: number
  readonly argumentSeparator: string
  readonly cookieFormat: 0 | 1
  /** SecWebAppId, SecSensorId: kept for macros. */
  readonly webAppId: string
  readonly sensorId: string
  /** Seconds a bound store lives without a change. */
  readonly collectionTimeoutSeconds: number
}
