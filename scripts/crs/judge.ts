// Whether what happened is what a stage expects.
import { RE2JS } from 're2js'
import type { StageOutput } from './ftw-format.ts'

/** A rule that matched and asked to be logged. */
export type LoggedRule = { readonly id: number; readonly message: string; readonly data: string }

export type Happened = {
  readonly status: number
  /** No answer at all. */
  readonly isError: boolean
  /** The server refused the form of the request before any rule ran. */
  readonly isRefused: boolean
  readonly body: string
  readonly logged: readonly LoggedRule[]
  /** Some of what matched could not be read from the log. */
  readonly isCut?: boolean
}

/** Sentences that say what was missed; empty when the stage passes. */
export function judge(output: StageOutput, happened: Happened): string[] {
  const misses: string[] = []
  const ids = new Set(happened.logged.map(({ id }) => id))
  const log = happened.logged.map(lineOf).join('\n')
  if (output.isError && !happened.isError && !(happened.isRefused && happened.status >= 400)) {
    misses.push(`expected no answer, got ${happened.status}`)
  }
  if (output.statuses.length > 0 && !output.statuses.includes(happened.status)) {
    misses.push(`expected status ${output.statuses.join(' or ')}, got ${happened.status}`)
  }
  for (const id of output.ids) if (!ids.has(id)) misses.push(`rule ${id} did not match`)
  for (const id of output.missingIds) if (ids.has(id)) misses.push(`rule ${id} matched`)
  for (const pattern of output.patterns) if (!matches(pattern, log)) misses.push(`no log line has ${pattern}`)
  for (const pattern of output.missingPatterns) if (matches(pattern, log)) misses.push(`a log line has ${pattern}`)
  if (output.responsePattern !== null && !matches(output.responsePattern, happened.body)) {
    misses.push(`the answer has no ${output.responsePattern}`)
  }
  return misses
}

/** As ModSecurity writes it, as far as tests look at it. */
const lineOf = ({ id, message, data }: LoggedRule): string => `[id "${id}"] [msg "${message}"] [data "${data}"]`

/** Patterns come from the test files: RE2 in newer ones, Python's in older ones, some of them with looks. */
function matches(pattern: string, log: string): boolean {
  try {
    return RE2JS.compile(pattern, RE2JS.MULTILINE).matcher(log).find()
  } catch {
    return matchesWithLooks(pattern, log)
  }
}

function matchesWithLooks(pattern: string, log: string): boolean {
  const flags = /^\(\?([ims]+)\)/.exec(pattern)
  const source = flags === null ? pattern : pattern.slice(flags[0].length)
  return new RegExp(source, `m${flags?.[1]?.replace('m', '') ?? ''}`).test(log)
}

/** Whether a refusal alone settles the stage, so that nobody has to read the request more leniently. */
export function isSettledByRefusal(output: StageOutput, happened: Happened): boolean {
  const asksOfLog = output.ids.length + output.patterns.length > 0
  if (!happened.isRefused && !(happened.isError && happened.logged.length === 0 && asksOfLog)) return true
  return !asksOfLog && (output.isError || output.statuses.includes(happened.status))
}
