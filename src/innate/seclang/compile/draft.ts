import { messageOf } from '../../../core/errors.ts'
import { type Position, ruleFault } from '../parse/position.ts'
import type { Directive } from '../parse/read-directives.ts'
import type { PhaseNumber } from '../program.ts'
import type { ActionContext, ActionSink } from './action-sink.ts'
import type { Dialect } from './dialect.ts'
import type { LinkDraft } from './link-draft.ts'
import { defaultSettings, type SettingsDraft } from './settings.ts'

/** A rule that has been read and not yet compiled: exclusions that come later may still change it. */
export type RuleDraft = {
  readonly kind: 'rule'
  readonly at: Position
  readonly id: number
  readonly phase: PhaseNumber
  /** Never empty; the first one leads. */
  readonly links: LinkDraft[]
}

export type MarkerDraft = { readonly kind: 'marker'; readonly name: string }

/** A change to rules that were named by id, tag or message; made when all files have been read. */
export type Amendment = {
  readonly at: Position
  readonly directive: string
  /** Takes out the rule, or changes it in place. */
  readonly kind: 'remove' | 'change'
  readonly covers: (rule: RuleDraft) => boolean
  readonly change: (rule: RuleDraft) => void
}

/** What has been read so far. */
export type ProgramDraft = {
  readonly dialect: Dialect
  readonly steps: (RuleDraft | MarkerDraft)[]
  readonly ids: Map<number, Position>
  readonly defaults: Map<PhaseNumber, ActionSink>
  readonly amendments: Amendment[]
  readonly settings: SettingsDraft
  readonly notices: Set<string>
  /** SecUnicodeMapFile; the last one counts. */
  unicodeMap: { readonly at: Position; readonly file: string; readonly page: number } | null
  /** The rule whose chain goes on. */
  openChain: RuleDraft | null
}

export const createDraft = (dialect: Dialect): ProgramDraft => ({
  dialect,
  steps: [],
  ids: new Map(),
  defaults: new Map(),
  amendments: [],
  settings: defaultSettings(),
  notices: new Set(),
  unicodeMap: null,
  openChain: null,
})

export const actionContext = (draft: ProgramDraft): ActionContext => ({
  dialect: draft.dialect,
  notice: (sentence) => draft.notices.add(sentence),
})

/** Runs a step that may refuse, and says where. */
export function locate<T>(directive: Directive, id: number | string | null, step: () => T): T {
  try {
    return step()
  } catch (cause) {
    throw ruleFault(messageOf(cause), { at: directive.at, id, cause })
  }
}
