import { basename } from 'node:path'
import { messageOf } from '../../../core/errors.ts'
import { severityScores } from '../../rule.ts'
import type { Macro } from '../macro.ts'
import { macroSource } from '../parse/macro-text.ts'
import { ruleFault } from '../parse/position.ts'
import type { Disruption, Flow, OrderedRule, PhaseNumber } from '../program.ts'
import type { ActionSink, WrittenDisruption } from './action-sink.ts'
import { compileLink } from './compile-link.ts'
import type { ProgramDraft, RuleDraft } from './draft.ts'
import { severityOf } from './severities.ts'

export type FinishOptions = {
  readonly draft: ProgramDraft
  readonly readData: (name: string, besideFile: string) => string
}

const phaseNames = { 1: 'head', 2: 'body', 3: 'response-head', 4: 'response-body', 5: 'logging' } as const

/** Compiles the links and settles what the rule takes from SecDefaultAction. */
export function compileRuleDraft(rule: RuleDraft, options: FinishOptions): OrderedRule {
  const defaults = options.draft.defaults.get(rule.phase)
  const sinks = rule.links.map(({ sink }) => sink)
  const [first, ...rest] = rule.links.map((link, index) => {
    try {
      return compileLink(link, { defaults, isLast: index === rule.links.length - 1, sinks, ...options })
    } catch (cause) {
      throw ruleFault(messageOf(cause), { at: link.at, id: rule.id, cause })
    }
  })
  if (first === undefined) throw ruleFault('the rule has no links', { at: rule.at, id: rule.id })
  const flow = flowOf(rule, defaults)
  const tags = sinks[0]?.tags ?? []
  const severity = severityOf(flow.severityLevel)
  return {
    id: String(rule.id),
    family: familyOf(rule.at.file, tags),
    title: flow.message === null || flow.message === '' ? String(rule.id) : macroSource(flow.message),
    severity,
    score: severityScores[severity],
    paranoia: paranoiaOf(tags),
    phase: phaseNames[rule.phase],
    tags,
    isShadow: false,
    file: rule.at.file,
    line: rule.at.line,
    conditions: [first, ...rest],
    keywords: first.isNegated || first.isMultiMatch ? [] : first.operator.literals,
    cases: { attack: [], benign: [] },
    flow,
  }
}

/** What belongs to the whole rule comes from its first link; a later one may say what the first does not. */
function flowOf(rule: RuleDraft, defaults: ActionSink | undefined): Flow {
  const sinks = rule.links.map(({ sink }) => sink)
  const firstOf = <T>(pick: (sink: ActionSink) => T | null): T | null => {
    for (const sink of sinks) {
      const value = pick(sink)
      if (value !== null) return value
    }
    return null
  }
  const skipAfter = sinks.reduce<string | null>((name, sink) => sink.skipAfter ?? name, null)
  return {
    phase: rule.phase,
    number: rule.id,
    disruption: disruptionOf(sinks, defaults),
    skip: sinks.reduce((skip, sink) => Math.max(skip, sink.skip), 0),
    skipAfter,
    isLogged: firstOf(({ isLogged }) => isLogged) ?? defaults?.isLogged ?? true,
    message: firstOf<Macro>(({ message }) => message),
    logData: firstOf<Macro>(({ logData }) => logData),
    severityLevel: firstOf(({ severityLevel }) => severityLevel),
    revision: firstOf(({ revision }) => revision || null) ?? '',
    version: firstOf(({ version }) => version || null) ?? '',
  }
}

/** The last word counts; `block` hands it to SecDefaultAction, and says nothing when there is none. */
function disruptionOf(sinks: readonly ActionSink[], defaults: ActionSink | undefined): Disruption {
  const byDefault = defaults?.disruptions.findLast(({ kind }) => kind !== 'block')
  const written: WrittenDisruption[] = []
  for (const disruption of sinks[0]?.disruptions ?? []) {
    const meant = disruption.kind === 'block' ? byDefault : disruption
    if (meant !== undefined) written.push(meant)
  }
  const last = written.at(-1) ?? ({ kind: 'pass' } as const)
  const status = sinks.reduce<number | null>((found, sink) => sink.status ?? found, null) ?? defaults?.status ?? null
  if (last.kind === 'deny') return { kind: 'deny', status: status ?? 403 }
  if (last.kind === 'redirect') return { ...last, status: redirectStatus(status) }
  return last.kind === 'block' ? { kind: 'pass' } : last
}

/** ModSecurity keeps a status of redirection and replaces every other by 302. */
const redirectStatus = (status: number | null): number =>
  status !== null && [301, 302, 303, 307, 308].includes(status) ? status : 302

function paranoiaOf(tags: readonly string[]): number {
  for (const tag of tags) {
    const level = /^paranoia-level\/([1-4])$/.exec(tag)?.[1]
    if (level !== undefined) return Number(level)
  }
  return 1
}

/** From `attack-sqli`, else from the file: `REQUEST-942-APPLICATION-ATTACK-SQLI.conf` is `sqli`. */
function familyOf(file: string, tags: readonly string[]): string {
  const attack = tags.find((tag) => /^attack-[a-z0-9-]+$/i.test(tag) && tag !== 'attack-generic')
  if (attack !== undefined) return attack.slice('attack-'.length).toLowerCase()
  const name = basename(file)
    .toLowerCase()
    .replace(/\.[a-z]+$/, '')
  const short = name.replace(/^(?:request|response)-[\d.]+-/, '').replace(/^application-attack-/, '')
  return short.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'seclang'
}

/** Phases in the order they run. */
export const phaseNumbers: readonly PhaseNumber[] = [1, 2, 3, 4, 5]
