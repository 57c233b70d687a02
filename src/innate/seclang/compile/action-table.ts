import type { Macro } from '../macro.ts'
import { parseActionList } from '../parse/action-list.ts'
import { parseMacro } from '../parse/macro-text.ts'
import type { PhaseNumber } from '../program.ts'
import type { ActionContext, ActionSink } from './action-sink.ts'
import { parseControl } from './control.ts'
import type { Dialect } from './dialect.ts'
import { parseBinding, parseExpirevar, parseInitcol, parseSetenv, parseSetvar } from './set-variable.ts'
import { parseSeverity } from './severities.ts'

/** How one action is read. */
export type ActionEntry = {
  readonly name: string
  /** `some`: after a colon. */
  readonly value: 'none' | 'some' | 'any'
  /** For the table in docs/SECLANG.md. */
  readonly means: string
  readonly isDisruptive?: true
  readonly apply: (sink: ActionSink, value: string, context: ActionContext) => void
}

type Apply = ActionEntry['apply']

const flag = (name: string, means: string, apply: Apply): ActionEntry => ({ name, value: 'none', means, apply })
const valued = (name: string, means: string, apply: Apply): ActionEntry => ({ name, value: 'some', means, apply })
const idle = (name: string, means: string): ActionEntry => ({
  name,
  value: 'any',
  means: `No effect: ${means}`,
  apply: (_sink, _value, { notice }) => notice(`Action ${name} has no effect: ${means}`),
})
const disruptive = (name: string, value: ActionEntry['value'], means: string, apply: Apply): ActionEntry => ({
  name,
  value,
  means,
  isDisruptive: true,
  apply,
})

const about: readonly ActionEntry[] = [
  valued('id', 'Number of the rule; every rule has one, no two the same.', (sink, value) => {
    sink.id = parseId(value)
  }),
  valued(
    'phase',
    'When the rule runs: 1 to 5, or request (2), response (4), logging (5). Without it 2.',
    (sink, value) => {
      sink.phase = parsePhase(value)
    },
  ),
  valued('msg', 'What the finding says; macros are filled in.', (sink, value, { dialect }) => {
    sink.message = macroOf(value, dialect)
  }),
  valued('logdata', 'What the finding adds; macros are filled in.', (sink, value, { dialect }) => {
    sink.logData = macroOf(value, dialect)
  }),
  valued('tag', 'A word for exclusions and reports; `paranoia-level/N` sets the paranoia level.', (sink, value) => {
    sink.tags.push(value)
  }),
  valued('severity', 'EMERGENCY to DEBUG, or 0 to 7.', (sink, value) => {
    sink.severityLevel = parseSeverity(value)
  }),
  valued('ver', 'Version of the rule set.', (sink, value) => {
    sink.version = value
  }),
  valued('rev', 'Revision of the rule.', (sink, value) => {
    sink.revision = value
  }),
  valued('maturity', 'Read and left aside.', (_sink, value) => requireNumber(value)),
  valued('accuracy', 'Read and left aside.', (_sink, value) => requireNumber(value)),
]

const matching: readonly ActionEntry[] = [
  valued(
    't',
    'A transformation; `t:none` drops those before it and those of SecDefaultAction.',
    (sink, value, { dialect }) => {
      const name = value.toLowerCase()
      if (name !== 'none' && !dialect.transformations.has(name))
        throw new Error(`transformation t:${value} is not known`)
      sink.transformations.push(name)
    },
  ),
  flag('capture', 'Keeps the groups of the match in TX:0 to TX:9.', (sink) => {
    sink.hasCapture = true
  }),
  flag('multiMatch', 'Runs the operator after each transformation.', (sink) => {
    sink.isMultiMatch = true
  }),
  flag('chain', 'The next SecRule belongs to this one; all must match.', (sink) => {
    sink.isChained = true
  }),
]

const walking: readonly ActionEntry[] = [
  valued('skip', 'Jumps over that many rules.', (sink, value) => {
    if (!/^\d{1,6}$/.test(value)) throw new Error(`expected a number of rules after skip:, found \`${value}\``)
    sink.skip = Number(value)
  }),
  valued('skipAfter', 'Goes on behind a SecMarker, or behind the rule with that id.', (sink, value) => {
    sink.skipAfter = value
  }),
]

const allowScopes: ReadonlyMap<string, 'all' | 'phase' | 'request'> = new Map([
  ['', 'all'],
  ['phase', 'phase'],
  ['request', 'request'],
] as const)

const refusing: readonly ActionEntry[] = [
  disruptive('pass', 'none', 'Goes on with the next rule.', (sink) => {
    sink.disruptions.push({ kind: 'pass' })
  }),
  disruptive('block', 'none', 'Does what SecDefaultAction of the phase says; passes when it says nothing.', (sink) => {
    sink.disruptions.push({ kind: 'block' })
  }),
  disruptive('deny', 'none', 'Refuses, with 403 or what `status` says.', (sink) => {
    sink.disruptions.push({ kind: 'deny' })
  }),
  disruptive('drop', 'none', 'Refuses; the connection is not reset.', (sink) => {
    sink.disruptions.push({ kind: 'drop' })
  }),
  disruptive(
    'allow',
    'any',
    'Skips all further rules; `allow:phase` those of the phase, `allow:request` of phases 1 and 2.',
    (sink, value) => {
      const scope = allowScopes.get(value.toLowerCase())
      if (scope === undefined) throw new Error(`expected allow, allow:phase or allow:request, found \`${value}\``)
      sink.disruptions.push({ kind: 'allow', scope })
    },
  ),
  disruptive(
    'redirect',
    'some',
    'Refuses with a redirection, 302 or what `status` says.',
    (sink, value, { dialect }) => {
      sink.disruptions.push({ kind: 'redirect', location: macroOf(value, dialect) })
    },
  ),
  valued('status', 'Status code of a refusal, 100 to 599.', (sink, value) => {
    if (!/^[1-5]\d\d$/.test(value)) throw new Error(`expected a status from 100 to 599, found \`${value}\``)
    sink.status = Number(value)
  }),
]

const storing: readonly ActionEntry[] = [
  valued(
    'setvar',
    'Sets, adds to, takes from or removes a variable of TX, IP, GLOBAL, SESSION, RESOURCE or USER.',
    (sink, value, { dialect }) => {
      sink.actions.push({ action: parseSetvar(value, dialect), isForChain: false })
    },
  ),
  valued('expirevar', 'Seconds after which a variable is gone.', (sink, value, { dialect }) => {
    sink.actions.push({ action: parseExpirevar(value, dialect), isForChain: true })
  }),
  valued('initcol', 'Binds a store that outlives the request to a key.', (sink, value, { dialect }) => {
    sink.actions.push({ action: parseInitcol(value, dialect), isForChain: false })
  }),
  valued('setsid', 'Binds SESSION to a key.', (sink, value, { dialect }) => {
    sink.actions.push({ action: parseBinding('session', value, dialect), isForChain: false })
  }),
  valued('setuid', 'Binds USER to a key.', (sink, value, { dialect }) => {
    sink.actions.push({ action: parseBinding('user', value, dialect), isForChain: false })
  }),
  valued('setrsc', 'Binds RESOURCE to a key.', (sink, value, { dialect }) => {
    sink.actions.push({ action: parseBinding('resource', value, dialect), isForChain: false })
  }),
  valued('setenv', 'Sets a variable of ENV for the rest of the request.', (sink, value, { dialect }) => {
    sink.actions.push({ action: parseSetenv(value, dialect), isForChain: true })
  }),
  valued('ctl', 'Changes how the rest of the request is looked at; see below.', (sink, value, { dialect, notice }) => {
    for (const control of parseControl(value, dialect)) {
      sink.actions.push({ action: { kind: 'ctl', control }, isForChain: true })
      if (control.kind === 'none') notice(`ctl:${control.name} has no effect here.`)
    }
  }),
]

const logging: readonly ActionEntry[] = [
  flag('log', 'The match is reported. This is the default.', (sink) => {
    sink.isLogged = true
  }),
  flag('nolog', 'The match is not reported.', (sink) => {
    sink.isLogged = false
  }),
  flag('auditlog', 'The match is reported.', (sink) => {
    sink.isLogged = true
    sink.isAudited = true
  }),
  flag('noauditlog', 'Changes nothing: only `nolog` says that a match is not reported.', (sink) => {
    sink.isAudited = false
  }),
  idle('sanitiseArg', 'Thymus redacts what it stores by itself.'),
  idle('sanitiseMatched', 'Thymus redacts what it stores by itself.'),
  idle('sanitiseMatchedBytes', 'Thymus redacts what it stores by itself.'),
  idle('sanitiseRequestHeader', 'Thymus redacts what it stores by itself.'),
  idle('sanitiseResponseHeader', 'Thymus redacts what it stores by itself.'),
  idle('append', 'bodies are not rewritten.'),
  idle('prepend', 'bodies are not rewritten.'),
  idle('pause', 'a request is slowed down by its client, not by a rule.'),
  idle('deprecatevar', 'counters of a store run out as a whole, or with expirevar.'),
  valued(
    'xmlns',
    "A name space for XPaths: `xmlns:soap='http://...'`. Checked and left aside: XPaths name elements without a prefix.",
    (_sink, value) => checkNamespace(value),
  ),
]

/** By lower-case name. */
export const actionTable: ReadonlyMap<string, ActionEntry> = new Map(
  [...about, ...matching, ...walking, ...refusing, ...storing, ...logging].map((entry) => [
    entry.name.toLowerCase(),
    entry,
  ]),
)

/** By lower-case name: what it would do that is not done here. */
export const refusedActions: ReadonlyMap<string, string> = new Map([
  ['exec', 'no programs or scripts are run'],
  ['proxy', 'requests go to the configured upstream only'],
])

/** Reads an action list into a sink. Throws an Error that says what is wrong. */
export function applyActions(text: string, sink: ActionSink, context: ActionContext): void {
  for (const { name, written, value } of parseActionList(text)) {
    const entry = actionTable.get(name)
    if (entry === undefined) {
      const why = refusedActions.get(name)
      throw new Error(`action ${written} is not ${why === undefined ? 'known' : `supported: ${why}`}`)
    }
    if (entry.value === 'some' && (value === null || value === '')) throw new Error(`action ${written} needs a value`)
    if (entry.value === 'none' && value !== null)
      throw new Error(`action ${written} takes no value, found \`${value}\``)
    try {
      entry.apply(sink, value ?? '', context)
    } catch (cause) {
      throw new Error(`action ${written}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
}

const macroOf = (text: string, dialect: Dialect): Macro =>
  parseMacro(text, { isKnown: dialect.isKnownVariable, unknown: 'refuse' })

function parseId(text: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) === 0) throw new Error(`expected a number from 1 up, found \`${text}\``)
  return Number(text)
}

const phases: ReadonlyMap<string, PhaseNumber> = new Map([
  ['1', 1],
  ['2', 2],
  ['3', 3],
  ['4', 4],
  ['5', 5],
  ['request', 2],
  ['response', 4],
  ['logging', 5],
])

function parsePhase(text: string): PhaseNumber {
  const phase = phases.get(text.toLowerCase())
  if (phase === undefined) throw new Error(`expected 1 to 5, request, response or logging, found \`${text}\``)
  return phase
}

function requireNumber(text: string): void {
  if (!/^\d+$/.test(text)) throw new Error(`expected a number, found \`${text}\``)
}

function checkNamespace(text: string): void {
  const found = /^([^=]+)=(.*)$/s.exec(text)
  const href = (found?.[2] ?? '').replace(/^'|'$/g, '')
  if (found === null || !/^https?:\/\/./.test(href)) {
    throw new Error(`expected prefix='http://...', found \`${text}\``)
  }
}
