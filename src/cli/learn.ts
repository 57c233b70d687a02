import { type LearnReport, learnFrom } from '../replay/learn-from.ts'
import { positionalsOf, requiredOption } from './arguments.ts'
import type { Command } from './context.ts'
import { jsonOption, print } from './output.ts'
import { configOptions, settingsOf } from './settings-options.ts'
import { formatOption, skippedText, trafficOf } from './traffic-options.ts'

export const learnCommand: Command = {
  name: 'learn',
  summary: 'Teach the gateway with recorded traffic; it must not run on the same data folder meanwhile.',
  positionals: '',
  options: {
    from: {
      value: 'FILE',
      sentence: 'Recorded traffic (JSON Lines, HAR, an access log) or an OpenAPI document, also as gzip.',
    },
    vetted: {
      sentence: 'You vouch for the file: all of it becomes self. Without it the usual rules for learning hold.',
    },
    'trust-all': {
      sentence: 'With --vetted: requests that the rules would refuse become self as well.',
    },
    ...formatOption,
    ...configOptions,
    ...jsonOption,
  },
  run: async (call, context) => {
    positionalsOf(call, [])
    const traffic = trafficOf(call, context, requiredOption(call, 'from', 'FILE'))
    const { config } = await settingsOf(call, context)
    const trust = { isVetted: call.has('vetted'), trustsAll: call.has('trust-all') }
    const learner = await context.parts.openLearner(config)
    try {
      const report = await learnFrom({ ...traffic, engine: learner.engine, ...trust })
      await learner.save()
      print(call, context, {
        json: report,
        text: () =>
          [
            ...learner.notes,
            `learned from ${report.records} records, ${report.refused} of them were refused and taught nothing`,
            ...attacksText(report),
            ...(report.derived === 0 ? [] : [`${report.derived} of them hold values made up from their types`]),
            ...skippedText(report.skipped),
          ].join('\n'),
      })
      return 0
    } finally {
      await learner.engine.close()
    }
  },
}

/** A person may not have read every line: those that look like attacks are named. */
function attacksText({ refused, refusedLines }: LearnReport): readonly string[] {
  if (refusedLines.length === 0) return []
  const more = refused > refusedLines.length ? ` and ${refused - refusedLines.length} more` : ''
  return [`${refused} look like attacks: lines ${refusedLines.join(', ')}${more} (--trust-all takes them all the same)`]
}
