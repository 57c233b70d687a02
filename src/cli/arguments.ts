import { parseArgs } from 'node:util'
import { closest } from '../config/closest.ts'
import { ThymusError } from '../core/errors.ts'
import type { Call, Command, OptionTable } from './context.ts'

const commonOptions: OptionTable = {
  help: { sentence: 'Show this help.' },
  debug: { sentence: 'Show the stack of an unexpected error.' },
}

/** Options of a command, the common ones last. */
export function optionsOf(command: Command): OptionTable {
  return { ...command.options, ...commonOptions }
}

/** Parses what stands after the command's name. Throws THY_OPTION with one sentence. */
export function parseCall(command: Command, args: readonly string[]): Call {
  const table = optionsOf(command)
  const { tokens } = parseArgs({ args: [...args], options: parserOptions(table), strict: false, tokens: true })
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const value = checkedValue(command.name, table, token)
    values.set(token.name, [...(values.get(token.name) ?? []), value])
  }
  return {
    command: command.name,
    positionals,
    text: (name) => values.get(name)?.at(-1),
    list: (name) => (values.get(name) ?? []).flatMap((value) => value.split(',')).filter((value) => value !== ''),
    has: (name) => values.has(name),
  }
}

function parserOptions(table: OptionTable): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const named = Object.entries(table).map(([name, { value }]) => [
    name,
    { type: value === undefined ? 'boolean' : 'string' },
  ])
  return { ...Object.fromEntries(named), help: { type: 'boolean', short: 'h' } }
}

type OptionToken = {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function checkedValue(command: string, table: OptionTable, token: OptionToken): string {
  const spec = Object.hasOwn(table, token.name) ? table[token.name] : undefined
  if (spec === undefined) {
    const meant = closest(token.name, Object.keys(table))
    const hint = meant === undefined ? `see thymus ${command} --help` : `expected --${meant}`
    throw optionError(`thymus ${command} has no option ${token.rawName}, ${hint}`)
  }
  if (spec.value === undefined && token.value !== undefined) {
    throw optionError(`${token.rawName} takes no value, but got ${JSON.stringify(token.value)}`)
  }
  const isNextOption = token.inlineValue === false && (token.value ?? '').startsWith('--')
  if (spec.value !== undefined && (token.value === undefined || token.value === '' || isNextOption)) {
    throw optionError(`${token.rawName} needs a value: ${token.rawName} ${spec.value}`)
  }
  return token.value ?? ''
}

export function optionError(message: string): ThymusError {
  return new ThymusError('THY_OPTION', `${message}.`)
}

/** A whole number within a range, `undefined` when the option is absent. */
export function numberOption(call: Call, name: string, range: { min: number; max: number }): number | undefined {
  const text = call.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^-?\d+$/.test(text) && value >= range.min && value <= range.max) return value
  throw optionError(`--${name} is ${JSON.stringify(text)}, expected a whole number from ${range.min} to ${range.max}`)
}

/** One of a few words, `undefined` when the option is absent. */
export function choiceOption<T extends string>(call: Call, name: string, choices: readonly T[]): T | undefined {
  const text = call.text(name)
  if (text === undefined) return undefined
  return choiceOf(`--${name}`, text, choices)
}

/** A list of a few words; the default when the option is absent. */
export function choicesOption<T extends string>(
  call: Call,
  name: string,
  options: { readonly choices: readonly T[]; readonly default: readonly T[] },
): readonly T[] {
  if (!call.has(name)) return options.default
  return [...new Set(call.list(name).map((text) => choiceOf(`--${name}`, text, options.choices)))]
}

export function choiceOf<T extends string>(subject: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  throw optionError(`${subject} is ${JSON.stringify(text)}, expected one of ${choices.join(', ')}`)
}

/** The value of an option that must be there. */
export function requiredOption(call: Call, name: string, value: string): string {
  const text = call.text(name)
  if (text === undefined) throw optionError(`thymus ${call.command} needs --${name} ${value}`)
  return text
}

/** The positionals as named; too few or too many are refused. */
export function positionalsOf(call: Call, names: readonly string[]): readonly string[] {
  const missing = names[call.positionals.length]
  if (missing !== undefined)
    throw optionError(`thymus ${call.command} needs ${missing}, see thymus ${call.command} --help`)
  const extra = call.positionals[names.length]
  if (extra !== undefined) {
    throw optionError(`thymus ${call.command} does not know what to do with ${JSON.stringify(extra)}`)
  }
  return call.positionals
}

/** The first positional, which must be one of a few words, and the rest. */
export function actionOf<T extends string>(call: Call, actions: readonly T[]): { action: T; rest: Call } {
  const [first, ...rest] = call.positionals
  if (first === undefined) throw optionError(`thymus ${call.command} needs one of ${actions.join(', ')}`)
  const action = choiceOf(`thymus ${call.command} ${first}: the action`, first, actions)
  return { action, rest: { ...call, command: `${call.command} ${action}`, positionals: rest } }
}

/** A length of time such as `30m`, `12h` or `7d`, in milliseconds. */
export function durationOption(call: Call, name: string): number | undefined {
  const text = call.text(name)
  if (text === undefined) return undefined
  const [, digits, unit] = /^(\d{1,6})(m|h|d)$/.exec(text) ?? []
  const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? '']
  if (unitMs === undefined || Number(digits) === 0) {
    throw optionError(`--${name} is ${JSON.stringify(text)}, expected minutes, hours or days like 30m, 12h or 7d`)
  }
  return Number(digits) * unitMs
}
