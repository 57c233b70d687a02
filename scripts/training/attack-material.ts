import type { Random } from '../../src/core/random.ts'
import { codeAttacks } from './attack-code.ts'
import { dataAttacks } from './attack-data.ts'
import { markupAttacks } from './attack-markup.ts'
import { networkAttacks } from './attack-network.ts'
import { shellAttacks } from './attack-shell.ts'
import { templateAttacks } from './attack-templates.ts'
import { harmless } from './benign-material.ts'
import type { Example } from './example.ts'
import { expandText, type Grammar, pick } from './grammar.ts'
import { canonical, embed, respell } from './mutate.ts'
import { terminals } from './terminals.ts'

/** A family of attacks: the grammar, the name it starts from, how many to make. */
export const families: readonly {
  readonly name: string
  readonly grammar: Grammar
  readonly start: string
  readonly count: number
}[] = [
  { name: 'ssti', grammar: templateAttacks, start: 'ssti', count: 3_000 },
  { name: 'expression', grammar: templateAttacks, start: 'expression', count: 2_000 },
  { name: 'lookup', grammar: templateAttacks, start: 'lookup', count: 2_500 },
  { name: 'code', grammar: codeAttacks, start: 'code', count: 3_000 },
  { name: 'deserialisation', grammar: codeAttacks, start: 'deser', count: 2_000 },
  { name: 'prototype', grammar: codeAttacks, start: 'proto', count: 1_200 },
  { name: 'nosql', grammar: dataAttacks, start: 'nosql', count: 2_000 },
  { name: 'ldap', grammar: dataAttacks, start: 'ldap', count: 1_200 },
  { name: 'xpath', grammar: dataAttacks, start: 'xpath', count: 1_000 },
  { name: 'graphql', grammar: dataAttacks, start: 'graphql', count: 800 },
  { name: 'jwt', grammar: dataAttacks, start: 'jwt', count: 800 },
  { name: 'xxe', grammar: dataAttacks, start: 'xxe', count: 2_000 },
  { name: 'ssi', grammar: dataAttacks, start: 'ssi', count: 800 },
  { name: 'mail', grammar: dataAttacks, start: 'mail', count: 800 },
  { name: 'csv', grammar: dataAttacks, start: 'csv', count: 700 },
  { name: 'sqli', grammar: dataAttacks, start: 'sqli', count: 3_500 },
  { name: 'ssrf', grammar: networkAttacks, start: 'ssrf', count: 2_500 },
  { name: 'crlf', grammar: networkAttacks, start: 'crlfi', count: 1_500 },
  { name: 'redirect', grammar: networkAttacks, start: 'redirect', count: 1_200 },
  { name: 'traversal', grammar: networkAttacks, start: 'traversal', count: 3_000 },
  { name: 'rfi', grammar: networkAttacks, start: 'rfi', count: 700 },
  { name: 'cmdexe', grammar: shellAttacks, start: 'cmdexe', count: 5_000 },
  { name: 'xss', grammar: markupAttacks, start: 'xss', count: 3_000 },
]

/** Attacks of every family, each several times as likely alone as within harmless text. */
export function makeAttacks(random: Random): Example[] {
  const around = harmless(random)
  return families.flatMap(({ name, grammar, start, count }) =>
    Array.from({ length: count }, () => {
      const template = pick(grammar[start] ?? [], random)
      const payload = expandText(template, { grammar, terminals }, random)
      const text = canonical(embed(respell(payload, random), around, random))
      return { text, isAttack: true, kind: `own ${name}`, group: `${name} ${template}` }
    }),
  )
}
