import { join } from 'node:path'
import { type Random, shuffled } from '../../src/core/random.ts'
import { readRows } from '../recorded-rows.ts'
import { expandText } from '../training/grammar.ts'
import { type GrammarName, loadGrammar } from '../training/load-grammar.ts'
import { variantsOf } from './variants.ts'

/** One attack that is confirmed, and others that memory should then know. */
export type Family = {
  readonly name: string
  readonly seed: string
  readonly variants: readonly string[]
}

type Payload = { readonly category: string; readonly payload: string }

const attackSets = ['siteinject-dev', 'wcp-malicious-dev', 'payloads-permissive'] as const
const grammars: readonly GrammarName[] = [
  'attack-code',
  'attack-data',
  'attack-markup',
  'attack-network',
  'attack-shell',
  'attack-templates',
]

/** Distinct payloads of a data set by class. */
function payloadsOf(folder: string, set: string): Map<string, string[]> {
  const rows = readRows<Partial<Payload> & { label: string }>(join(folder, `${set}.jsonl.gz`))
  const found = new Map<string, Set<string>>()
  for (const { label, category = '', payload } of rows) {
    if (label !== 'attack' || payload === undefined) continue
    found.set(category, (found.get(category) ?? new Set()).add(payload))
  }
  return new Map([...found].map(([name, payloads]) => [name, [...payloads]]))
}

/** Payloads by chance, each with variants by the generator of `variants.ts`. */
export function writtenFamilies(
  folder: string,
  size: { perClass: number; variants: number },
  random: Random,
): Family[] {
  return attackSets.flatMap((set) =>
    [...payloadsOf(folder, set)].flatMap(([category, payloads]) =>
      shuffled(payloads, random)
        .slice(0, size.perClass)
        .map((seed) => ({ name: `${set} ${category}`, seed, variants: variantsOf(seed, size.variants, random) })),
    ),
  )
}

/** Harsher: any other payload of the same class of the same data set. */
export function classFamilies(folder: string, size: { perClass: number; variants: number }, random: Random): Family[] {
  return attackSets.slice(0, 2).flatMap((set) =>
    [...payloadsOf(folder, set)].flatMap(([category, payloads]) =>
      shuffled(payloads, random)
        .slice(0, size.perClass)
        .map((seed) => ({
          name: `${set} ${category}`,
          seed,
          variants: shuffled(
            payloads.filter((other) => other !== seed),
            random,
          ).slice(0, size.variants),
        })),
    ),
  )
}

/** Two texts of one template of the training grammars: other words in all open places, often another function. */
export function templateFamilies(size: { variants: number }, random: Random): Family[] {
  return grammars.flatMap((name) => {
    const rules = loadGrammar(name)
    const templates = Object.values(rules.grammar).flat()
    const telling = templates.filter((text) => text.includes('§') && text.replace(/§[\w-]+§/g, '').length >= 8)
    return telling.map((template) => {
      const make = (): string => expandText(template, rules, random)
      return { name, seed: make(), variants: Array.from({ length: size.variants }, make) }
    })
  })
}
