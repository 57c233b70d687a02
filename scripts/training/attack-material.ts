import type { Random } from '../../src/core/random.ts'
import { harmless } from './benign-material.ts'
import type { Example } from './example.ts'
import { expandText, pick } from './grammar.ts'
import { type GrammarName, loadGrammar } from './load-grammar.ts'
import { canonical, embed, respell } from './mutate.ts'

/** A family of attacks: the grammar, the name it starts from, how many to make. */
export const families: readonly {
  readonly name: string
  readonly grammar: GrammarName
  readonly start: string
  readonly count: number
}[] = [
  { name: 'ssti', grammar: 'attack-templates', start: 'ssti', count: 3_000 },
  { name: 'expression', grammar: 'attack-templates', start: 'expression', count: 2_000 },
  { name: 'lookup', grammar: 'attack-templates', start: 'lookup', count: 2_500 },
  { name: 'code', grammar: 'attack-code', start: 'code', count: 3_000 },
  { name: 'deserialisation', grammar: 'attack-code', start: 'deser', count: 2_000 },
  { name: 'prototype', grammar: 'attack-code', start: 'proto', count: 1_200 },
  { name: 'nosql', grammar: 'attack-data', start: 'nosql', count: 2_000 },
  { name: 'ldap', grammar: 'attack-data', start: 'ldap', count: 1_200 },
  { name: 'xpath', grammar: 'attack-data', start: 'xpath', count: 1_000 },
  { name: 'graphql', grammar: 'attack-data', start: 'graphql', count: 800 },
  { name: 'jwt', grammar: 'attack-data', start: 'jwt', count: 800 },
  { name: 'xxe', grammar: 'attack-data', start: 'xxe', count: 2_000 },
  { name: 'ssi', grammar: 'attack-data', start: 'ssi', count: 800 },
  { name: 'mail', grammar: 'attack-data', start: 'mail', count: 800 },
  { name: 'csv', grammar: 'attack-data', start: 'csv', count: 700 },
  { name: 'sqli', grammar: 'attack-data', start: 'sqli', count: 3_500 },
  { name: 'ssrf', grammar: 'attack-network', start: 'ssrf', count: 2_500 },
  { name: 'crlf', grammar: 'attack-network', start: 'crlfi', count: 1_500 },
  { name: 'redirect', grammar: 'attack-network', start: 'redirect', count: 1_200 },
  { name: 'traversal', grammar: 'attack-network', start: 'traversal', count: 3_000 },
  { name: 'rfi', grammar: 'attack-network', start: 'rfi', count: 700 },
  { name: 'cmdexe', grammar: 'attack-shell', start: 'cmdexe', count: 5_000 },
  { name: 'xss', grammar: 'attack-markup', start: 'xss', count: 3_000 },
]

/** Attacks of every family, half of them within harmless text; `share` makes fewer. */
export function makeAttacks(random: Random, share = 1): Example[] {
  const around = harmless(random)
  return families.flatMap(({ name, grammar, start, count }) => {
    const rules = loadGrammar(grammar)
    return Array.from({ length: Math.ceil(count * share) }, () => {
      const template = pick(rules.grammar[start] ?? [], random)
      const payload = expandText(template, rules, random)
      const text = canonical(embed(respell(payload, random), around, random))
      return { text, isAttack: true, kind: `own ${name}`, group: `${name} ${template}` }
    })
  })
}
