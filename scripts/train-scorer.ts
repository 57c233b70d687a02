/**
 * Trains models/frozen-scorer, the inherited repertoire. Usage:
 *
 *   node scripts/train-scorer.ts ../shared/data            trains and writes the model (minutes)
 *   node scripts/train-scorer.ts ../shared/data --dry-run  trains and prints only
 *
 * Material: the permissively licensed payload lists, attacks and harmless values from the grammars in scripts/training,
 * and documents of pinned packages. Nothing that detection is measured on is read. A fifth of the groups of variants is
 * held out first: it gives the calibration and the figures; the model that is written is fitted to everything.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../src/core/random.ts'
import { trainScorer } from './training/train.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'dry-run': { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '7' },
    bits: { type: 'string', default: '16' },
    output: { type: 'string', default: 'models/frozen-scorer' },
  },
})
try {
  await trainScorer({
    payloads: join(positionals[0] ?? '../shared/data', 'payloads-permissive.jsonl.gz'),
    packages: 'node_modules',
    output: values['dry-run'] ? null : values.output,
    seed: Number(values.seed),
    epochs: Number(values.epochs),
    bits: Number(values.bits),
    random: createRandom(Number(values.seed)),
    log: (line) => console.log(line),
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
