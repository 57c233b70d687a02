import type { Layer } from '../core/finding.ts'
import { type Poison, type Protocol, poisonKinds } from '../replay/protocol.ts'
import { choiceOption, numberOption, optionError } from './arguments.ts'
import type { Call, OptionTable } from './context.ts'

const mostPadding = 1_048_576
const mostPoison = 0.5
const mostSources = 10_000
const defaultSources = 3

/** Options of `evaluate` that make its task harder than plain teaching and asking. */
export const protocolOptions: OptionTable = {
  pad: {
    value: 'NUMBER',
    sentence: 'Characters of harmless text before the payload of each attack, within the same value.',
  },
  learn: { value: 'NUMBER', sentence: 'Cold start: at most so many teaching requests per group, chosen by the seed.' },
  attacks: { value: 'SHARE', sentence: 'Share of the attacks that is scored, chosen by the seed; 1 by default.' },
  poison: { value: 'SHARE', sentence: `Share of attacks among what is sent while learning, 0 to ${mostPoison}.` },
  'poison-sources': { value: 'NUMBER', sentence: `Sources that send the poison; ${defaultSources} by default.` },
  'poison-kind': {
    value: 'WORD',
    sentence:
      'How attacks come: spread over all the time, field (all in the rarest field) or burst (within one time slice).',
  },
}

/** Throws THY_OPTION. */
export function protocolOf(
  call: Call,
  run: { readonly seed: number; readonly sliceMs: number; readonly layers: readonly Layer[] },
): Protocol {
  return {
    seed: run.seed,
    padCharacters: numberOption(call, 'pad', { min: 0, max: mostPadding }) ?? 0,
    learnAtMost: numberOption(call, 'learn', { min: 0, max: 1_000_000 }) ?? null,
    attackShare: shareOption(call, 'attacks', 1) ?? 1,
    poison: poisonOf(call, run),
  }
}

function poisonOf(call: Call, run: { readonly sliceMs: number; readonly layers: readonly Layer[] }): Poison | null {
  const share = shareOption(call, 'poison', mostPoison)
  const sources = numberOption(call, 'poison-sources', { min: 1, max: mostSources })
  const kind = choiceOption(call, 'poison-kind', poisonKinds)
  if (share === undefined) {
    if (sources === undefined && kind === undefined) return null
    const given = sources === undefined ? '--poison-kind' : '--poison-sources'
    throw optionError(`${given} stands without --poison, expected --poison SHARE beside it`)
  }
  if (run.layers.includes('behaviour')) {
    throw optionError(
      '--poison and the layer "behaviour" do not go together, since the records have times of their own; ' +
        'expected --layers without it',
    )
  }
  return { share, sources: sources ?? defaultSources, kind: kind ?? 'spread', sliceMs: run.sliceMs }
}

function shareOption(call: Call, name: string, max: number): number | undefined {
  const text = call.text(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d*\.?\d+$/.test(text) && value <= max) return value
  throw optionError(`--${name} is ${JSON.stringify(text)}, expected a share from 0 to ${max} such as 0.05`)
}
