import { type Layer, layers } from '../core/finding.ts'
import { evaluate } from '../replay/evaluate.ts'
import { groupings } from '../replay/evaluation-groups.ts'
import { choiceOption, choicesOption, numberOption, positionalsOf, requiredOption } from './arguments.ts'
import type { Command } from './context.ts'
import { evaluationText } from './evaluation-text.ts'
import { jsonOption, print } from './output.ts'
import { protocolOf, protocolOptions } from './protocol-options.ts'
import { configOptions, enforcing, settingsOf } from './settings-options.ts'
import { formatOption, trafficOf } from './traffic-options.ts'

/** Clients are not followed by default: records of a data set are strangers to each other. */
const defaultLayers: readonly Layer[] = ['innate', 'memory', 'adaptive']

/** Exits 0 when it ran, whatever the figures. */
export const evaluateCommand: Command = {
  name: 'evaluate',
  summary: 'Measure detection and false alarms on labelled traffic, with the default or given settings.',
  positionals: '',
  options: {
    traffic: { value: 'FILE', sentence: 'Labelled traffic: JSON Lines, also as gzip.' },
    'group-by': { value: 'WORD', sentence: `An engine of its own for each ${groupings.join(', ')}; else one for all.` },
    layers: {
      value: 'LIST',
      sentence: `Layers that run, of ${layers.join(',')}; by default ${defaultLayers.join(',')}.`,
    },
    without: { value: 'LIST', sentence: 'Components to leave out, to see what they add: a layer or a part of one.' },
    poisoned: { sentence: 'Accept attacks and unknowns among the records that teach.' },
    ...protocolOptions,
    seed: { value: 'NUMBER', sentence: 'Seed of everything random; that of the configuration by default.' },
    ...formatOption,
    config: configOptions['config'] ?? { sentence: '' },
    ...jsonOption,
  },
  notes: [
    'Benign records whose split is train, self-train or learn teach, all others are scored in file order.',
    'With --poison teaching is not vetted: the requests arrive from 25 sources over 30 time slices, a small group again',
    'and again, and pass the ordinary admission. --poison 0 is the control to compare with. One half of the attacks may be',
    'sent so, only the other half is scored; the seed alone divides them.',
    'Example: thymus evaluate --traffic FILE.jsonl.gz --group-by client --json',
  ],
  run: async (call, context) => {
    positionalsOf(call, [])
    const traffic = trafficOf(call, context, requiredOption(call, 'traffic', 'FILE'))
    const without = call.list('without')
    const chosen = choicesOption(call, 'layers', { choices: layers, default: defaultLayers })
    const running = chosen.filter((layer) => !without.includes(layer))
    const { config } = await settingsOf(call, context)
    const seed = numberOption(call, 'seed', { min: 0, max: 2 ** 32 - 1 }) ?? config.adaptive.seed
    const protocol = protocolOf(call, { seed, sliceMs: config.adaptive.sliceMs, layers: running })
    const report = await evaluate({
      ...traffic,
      groupBy: choiceOption(call, 'group-by', groupings) ?? null,
      layers: running,
      isPoisoned: call.has('poisoned'),
      protocol,
      createEngine: () =>
        context.parts.createReplayEngine({ config: enforcing(config), layers: running, without, seed }),
    })
    print(call, context, { json: report, text: () => evaluationText(report) })
    return 0
  },
}
