import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { shippedRulesDirectory } from '../../../src/innate/load-rules.ts'

type Condition = { readonly rx?: string; readonly rxExact?: string }
type RuleFile = { readonly rules: readonly (Condition & { readonly all?: readonly Condition[] })[] }

/** The patterns of all shipped rules, each once. */
export function loadRulePatterns(): readonly string[] {
  const patterns = readdirSync(shippedRulesDirectory).flatMap((file) => {
    const { rules } = parse(readFileSync(join(shippedRulesDirectory, file), 'utf8')) as RuleFile
    return rules.flatMap((rule) =>
      [rule, ...(rule.all ?? [])].flatMap(({ rx, rxExact }) => [rx ?? [], rxExact ?? []].flat()),
    )
  })
  return [...new Set(patterns)]
}
