import { resolve } from 'node:path'
import { type TrafficFormat, trafficFormats } from '../replay/read-traffic.ts'
import type { SkippedTraffic } from '../replay/skip-count.ts'
import { choiceOption } from './arguments.ts'
import type { Call, CommandContext, OptionTable } from './context.ts'

export const formatOption: OptionTable = {
  format: { value: 'NAME', sentence: `Form of the file: ${trafficFormats.join(', ')}; else its first line decides.` },
}

/** The file and its form, as the replay room wants them. */
export function trafficOf(call: Call, context: CommandContext, file: string): { file: string; format?: TrafficFormat } {
  const format = choiceOption(call, 'format', trafficFormats)
  return { file: resolve(context.cwd, file), ...(format === undefined ? {} : { format }) }
}

/** One line per reason, none when everything was read. */
export function skippedText(skipped: SkippedTraffic): readonly string[] {
  return skipped.reasons.map(({ reason, count, first }) => `skipped ${count} records: ${reason} (first: ${first})`)
}
