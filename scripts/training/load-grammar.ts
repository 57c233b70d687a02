import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Grammar, Rules } from './grammar.ts'
import { terminals } from './terminals.ts'

const grammarFile = z.record(z.string().min(1), z.array(z.string()).min(1))

/** The grammars in `grammars/`. */
export const grammarNames = [
  'attack-code',
  'attack-data',
  'attack-markup',
  'attack-network',
  'attack-shell',
  'attack-templates',
  'benign-prose',
  'benign-values',
] as const
export type GrammarName = (typeof grammarNames)[number]

/** A grammar with the terminals that all of them share. Throws when a name in it is not known. */
export function loadGrammar(name: GrammarName): Rules {
  const text = readFileSync(new URL(`grammars/${name}.yaml`, import.meta.url), 'utf8')
  const grammar: Grammar = grammarFile.parse(parse(text))
  refuseUnknown(name, grammar)
  return { grammar, terminals }
}

function refuseUnknown(name: GrammarName, grammar: Grammar): void {
  for (const [start, alternatives] of Object.entries(grammar)) {
    for (const [, inner = ''] of alternatives.join(' ').matchAll(/§([\w-]+)§/g)) {
      if (grammar[inner] === undefined && terminals[inner] === undefined) {
        throw new RangeError(`${name}: §${inner}§ in ${start} is not known`)
      }
    }
  }
}

/** Named tokens that the scorer looks for. */
export function loadTokens(): readonly string[] {
  const text = readFileSync(new URL('grammars/tokens.yaml', import.meta.url), 'utf8')
  return z.array(z.string().min(1)).min(1).parse(parse(text))
}
