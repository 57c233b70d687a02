import { parseVariableList, type VariableText } from '../parse/variable-list.ts'
import type { BodyProcessor, Control, EngineMode, VariableSelector } from '../program.ts'
import type { Dialect } from './dialect.ts'
import { compileNameMatcher } from './name-matcher.ts'
import { parseNumberRanges } from './number-ranges.ts'
import { compileSelector } from './selectors.ts'

/** How one name of `ctl` is read. */
export type ControlEntry = {
  readonly name: string
  /** For the table in docs/SECLANG.md. */
  readonly means: string
  readonly parse: (value: string, dialect: Dialect) => readonly Control[]
}

const processors = ['URLENCODED', 'MULTIPART', 'JSON', 'XML'] as const

const entries: readonly ControlEntry[] = [
  {
    name: 'ruleEngine',
    means: 'Switches the rules on, off, or to reporting only.',
    parse: (value) => [{ kind: 'ruleEngine', mode: parseEngineMode(value) }],
  },
  {
    name: 'ruleRemoveById',
    means: 'Takes out rules by id or range.',
    parse: (value) => [{ kind: 'removeById', ranges: parseNumberRanges(value) }],
  },
  {
    name: 'ruleRemoveByTag',
    means: 'Takes out rules that have the tag.',
    parse: (value, dialect) => [{ kind: 'removeByTag', matches: compileNameMatcher(value, dialect) }],
  },
  {
    name: 'ruleRemoveByMsg',
    means: 'Takes out rules that have the message.',
    parse: (value, dialect) => [{ kind: 'removeByMessage', matches: compileNameMatcher(value, dialect) }],
  },
  {
    name: 'ruleRemoveTargetById',
    means: 'Rules with the id or range do not look at the variable.',
    parse: (value, dialect) => {
      const { subject, targets } = splitTarget(value, dialect)
      const ranges = parseNumberRanges(subject)
      return targets.map((target) => ({ kind: 'removeTargetById', ranges, target }))
    },
  },
  {
    name: 'ruleRemoveTargetByTag',
    means: 'Rules with the tag do not look at the variable.',
    parse: (value, dialect) => {
      const { subject, targets } = splitTarget(value, dialect)
      const matches = compileNameMatcher(subject, dialect)
      return targets.map((target) => ({ kind: 'removeTargetByTag', matches, target }))
    },
  },
  {
    name: 'ruleRemoveTargetByMsg',
    means: 'Rules with the message do not look at the variable.',
    parse: (value, dialect) => {
      const { subject, targets } = splitTarget(value, dialect)
      const matches = compileNameMatcher(subject, dialect)
      return targets.map((target) => ({ kind: 'removeTargetByMessage', matches, target }))
    },
  },
  {
    name: 'requestBodyProcessor',
    means: 'Reads the request body as URLENCODED, MULTIPART, JSON or XML.',
    parse: (value) => [{ kind: 'bodyProcessor', processor: parseProcessor(value) }],
  },
  {
    name: 'forceRequestBodyVariable',
    means: 'Fills REQUEST_BODY whatever the type of the body.',
    parse: (value) => [{ kind: 'forceBodyVariable', isOn: parseSwitch(value) }],
  },
  {
    name: 'requestBodyAccess',
    means: 'Whether the request body is read.',
    parse: (value) => [{ kind: 'bodyAccess', isOn: parseSwitch(value) }],
  },
  {
    name: 'responseBodyAccess',
    means: 'Whether the response body is read.',
    parse: (value) => [{ kind: 'responseBodyAccess', isOn: parseSwitch(value) }],
  },
  idle('auditEngine', 'No effect: there is one audit log, which Thymus keeps.'),
  idle('auditLogParts', 'No effect: there is one audit log, which Thymus keeps.'),
  idle('debugLogLevel', 'No effect: there is no debug log.'),
  idle('requestBodyLimit', 'No effect: a body is bounded before rules run.'),
  idle('responseBodyLimit', 'No effect: a body is bounded before rules run.'),
  idle('hashEngine', 'No effect: links are not signed.'),
  idle('hashEnforcement', 'No effect: links are not signed.'),
]

function idle(name: string, means: string): ControlEntry {
  return { name, means, parse: () => [{ kind: 'none', name }] }
}

/** By lower-case name. */
export const controlTable: ReadonlyMap<string, ControlEntry> = new Map(
  entries.map((entry) => [entry.name.toLowerCase(), entry]),
)

/** Reads `ruleRemoveById=942100`. Throws an Error that says what is wrong. */
export function parseControl(text: string, dialect: Dialect): readonly Control[] {
  const equals = text.indexOf('=')
  if (equals === -1) throw new Error(`expected name=value after ctl:, found \`${text}\``)
  const name = text.slice(0, equals).trim()
  const entry = controlTable.get(name.toLowerCase())
  if (entry === undefined) {
    const why = refusedControls.get(name.toLowerCase())
    throw new Error(`ctl:${name} is not ${why === undefined ? 'known' : `supported: ${why}`}`)
  }
  return entry.parse(text.slice(equals + 1).trim(), dialect)
}

/** By lower-case name. */
export const refusedControls: ReadonlyMap<string, string> = new Map([
  ['parsexmlintoargs', 'values of an XML body are looked at with the variable XML'],
])

/** Throws an Error when it is not On, Off or DetectionOnly. */
export function parseEngineMode(text: string): EngineMode {
  const mode = engineModes.get(text.toLowerCase())
  if (mode === undefined) throw new Error(`expected On, Off or DetectionOnly, found \`${text}\``)
  return mode
}

const engineModes: ReadonlyMap<string, EngineMode> = new Map([
  ['on', 'on'],
  ['off', 'off'],
  ['detectiononly', 'detection-only'],
])

/** Throws an Error when it is not On or Off. */
export function parseSwitch(text: string): boolean {
  const value = text.toLowerCase()
  if (value !== 'on' && value !== 'off') throw new Error(`expected On or Off, found \`${text}\``)
  return value === 'on'
}

function parseProcessor(text: string): BodyProcessor {
  const processor = processors.find((name) => name === text.toUpperCase())
  if (processor === undefined) throw new Error(`expected one of ${processors.join(', ')}, found \`${text}\``)
  return processor
}

type Target = { readonly subject: string; readonly targets: readonly VariableSelector[] }

function splitTarget(value: string, dialect: Dialect): Target {
  const semicolon = value.indexOf(';')
  if (semicolon === -1) throw new Error(`expected what to leave out and ; and a variable, found \`${value}\``)
  const variables: readonly VariableText[] = parseVariableList(value.slice(semicolon + 1))
  const targets = variables.map((variable) => compileSelector(variable, dialect))
  return { subject: value.slice(0, semicolon).trim(), targets }
}
