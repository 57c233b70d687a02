import { basename } from 'node:path'
import { messageOf } from '../../../core/errors.ts'
import { severityScores } from '../../rule.ts'
import type { Macro } from '../macro.ts'
import { macroSource } from '../parse/macro-text.ts'
import { ruleFault } from '../parse/position.ts'
import type { Disruption, Flow, OrderedRule } from '../program.ts'
import type { ActionSink, WrittenDisruption } from './action-sink.ts'
import { compileLink, type FinishOptions } from './compile-link.ts'
import type { RuleDraft } from './draft.ts'
import { severityOf } from './severities.ts'

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
  const [starter, ...others] = sinks
  // ModSecurity goes through the links from the last to the first, and through SecDefaultAction before each.
  const settled = defaults === undefined || starter === undefined ? sinks : [starter, defaults, ...others]
  const status = firstOf(settled, (sink) => sink.status)
  const byDefault = defaults?.disruptions.findLast(isDecided)
  return {
    phase: rule.phase,
    number: rule.id,
    disruption: disruptionOf(starter?.disruptions ?? [], status, byDefault),
    skip: sinks.reduce((skip, sink) => Math.max(skip, sink.skip), 0),
    skipAfter: firstOf(sinks, (sink) => sink.skipAfter),
    isLogged: firstOf(settled, ({ isLogged }) => isLogged) ?? true,
    isAudited: firstOf(settled, ({ isAudited }) => isAudited) ?? true,
    message: firstOf<Macro>(sinks, ({ message }) => message),
    logData: firstOf<Macro>(sinks, ({ logData }) => logData),
    severityLevel: firstOf(sinks, ({ severityLevel }) => severityLevel),
    revision: firstOf(sinks, ({ revision }) => revision || null) ?? '',
    version: firstOf(sinks, ({ version }) => version || null) ?? '',
  }
}

function firstOf<T>(sinks: readonly ActionSink[], pick: (sink: ActionSink) => T | null): T | null {
  for (const sink of sinks) {
    const value = pick(sink)
    if (value !== null) return value
  }
  return null
}

/** The last word counts; `block` alone hands it to SecDefaultAction, and says nothing when there is none. */
function disruptionOf(written: readonly WrittenDisruption[], status: number | null, byDefault: Disrupting): Disruption {
  const own = written.findLast(isDecided)
  const last = own ?? (written.length > 0 ? byDefault : undefined) ?? ({ kind: 'pass' } as const)
  // 200 is no status of a refusal.
  if (last.kind === 'deny') return { kind: 'deny', status: status === null || status === 200 ? 403 : status }
  return last.kind === 'redirect' ? { ...last, status: redirectStatus(status) } : last
}

type Decided = Exclude<WrittenDisruption, { kind: 'block' }>
type Disrupting = Decided | undefined

const isDecided = (disruption: WrittenDisruption): disruption is Decided => disruption.kind !== 'block'

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
