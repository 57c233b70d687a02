import { learnFrom } from '../replay/learn-from.ts'
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
    ...formatOption,
    ...configOptions,
    ...jsonOption,
  },
  run: async (call, context) => {
    positionalsOf(call, [])
    const traffic = trafficOf(call, context, requiredOption(call, 'from', 'FILE'))
    const { config } = await settingsOf(call, context)
    const learner = await context.parts.openLearner(config)
    try {
      const report = await learnFrom({ ...traffic, engine: learner.engine, isVetted: call.has('vetted') })
      await learner.save()
      print(call, context, {
        json: report,
        text: () =>
          [
            `learned from ${report.records} records, ${report.refused} of them were refused and taught nothing`,
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
