import { layers } from '../core/finding.ts'
import { type ReplayReport, replay } from '../replay/replay.ts'
import { choicesOption, numberOption, positionalsOf, requiredOption } from './arguments.ts'
import type { Command } from './context.ts'
import { jsonOption, plainText, print, textTable, timeText } from './output.ts'
import { settingsOf, startOptions } from './settings-options.ts'
import { formatOption, skippedText, trafficOf } from './traffic-options.ts'

const { config: _config, mode, 'data-dir': _dataDir } = startOptions

export const replayCommand: Command = {
  name: 'replay',
  summary: 'Run recorded traffic through a fresh engine in order, and say what it would have done to whom.',
  positionals: '',
  options: {
    traffic: { value: 'FILE', sentence: 'Recorded traffic: JSON Lines, HAR or an access log, also as gzip.' },
    ...formatOption,
    layers: { value: 'LIST', sentence: `Layers that run, of ${layers.join(',')}; all by default.` },
    seed: { value: 'NUMBER', sentence: 'Seed of everything random; that of the configuration by default.' },
    config: startOptions['config'] ?? { sentence: '' },
    mode: mode ?? { sentence: '' },
    ...jsonOption,
  },
  run: async (call, context) => {
    positionalsOf(call, [])
    const traffic = trafficOf(call, context, requiredOption(call, 'traffic', 'FILE'))
    const chosen = choicesOption(call, 'layers', { choices: layers, default: layers })
    const { config } = await settingsOf(call, context)
    const seed = numberOption(call, 'seed', { min: 0, max: 2 ** 32 - 1 }) ?? config.adaptive.seed
    const engine = await context.parts.createReplayEngine({ config, layers: chosen, without: [], seed })
    try {
      const report = await replay({ ...traffic, engine })
      print(call, context, { json: report, text: () => reportText(report) })
      return 0
    } finally {
      await engine.close()
    }
  },
}

const shownRefusals = 20

function reportText(report: ReplayReport): string {
  const { verdicts } = report
  const refusals = Object.entries(report.refusals).map(([reason, count]) => `  ${reason}: ${count}`)
  const firsts = report.firstRefusals.slice(0, shownRefusals)
  return [
    `${report.records} requests of ${report.clients} clients`,
    `allowed ${verdicts.allow} (of these enforce mode would have refused ${verdicts.would}), slowed ${verdicts.slow}, denied ${verdicts.deny}`,
    ...refusals,
    `held: ${report.held.length} clients`,
    ...(firsts.length === 0 ? [] : ['', `first refusals (${firsts.length} of ${report.firstRefusals.length})`]),
    ...(firsts.length === 0
      ? []
      : [
          textTable(
            ['time', 'client', 'its request', 'reason'],
            firsts.map((one) => [timeText(one.atMs), one.clientId, `no. ${one.request}`, plainText(one.reason)]),
          ),
        ]),
    ...skippedText(report.skipped),
  ].join('\n')
}
