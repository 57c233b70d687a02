import { readFileSync } from 'node:fs'
import { assemble, loadConfiguredRules, type RuleSet } from '../assemble.ts'
import type { Config } from '../config/schema.ts'
import { createManualClock } from '../core/clock.ts'
import type { Finding } from '../core/finding.ts'
import { createRandom } from '../core/random.ts'
import type { RuleSummary } from '../innate/innate.ts'
import type { Rule, RuleCase } from '../innate/rule.ts'
import type { OrderedRule } from '../innate/seclang/program.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { createMemoryStorage } from '../storage/memory-storage.ts'
import type { RuleBook, RuleTestReport } from './parts.ts'
import { caseText, viewOfCase } from './rule-cases.ts'

type AnyRule = Rule | OrderedRule

/** The rules of a configuration, compiled. Throws THY_RULE. */
export function openRuleBook(config: Config): RuleBook {
  const set = loadConfiguredRules(config)
  const known: readonly AnyRule[] = [...set.rules, ...(set.program?.rules ?? [])]
  const byId = new Map(known.map((rule) => [rule.id, rule]))
  const summaries = (): readonly RuleSummary[] => standalone(config, set).summaries
  return {
    list: summaries,
    notices: set.program?.notices ?? [],
    test: () => testRules(config, set),
    explain: (id) => {
      const rule = byId.get(id)
      const summary = summaries().find((candidate) => candidate.id === id)
      if (rule === undefined || summary === undefined) return undefined
      return {
        summary,
        line: rule.line,
        source: 'flow' in rule ? directivesOf(rule) : sourceOf(rule),
        attack: rule.cases.attack.map(caseText),
        benign: rule.cases.benign.map(caseText),
      }
    },
  }
}

type Standalone = {
  readonly summaries: readonly RuleSummary[]
  /** Ids of the rules that match. */
  readonly match: (rule: Rule, sample: RuleCase) => ReadonlySet<string>
}

/** The static layer with nothing around it; every rule runs, whatever its paranoia level. */
function standalone(config: Config, rules: RuleSet): Standalone {
  const clock = createManualClock()
  const strict: Config = { ...config, innate: { ...config.innate, paranoia: 4 } }
  const { records } = createMemoryStorage({ nodeId: 'rules', clock })
  const parts = assemble({
    config: strict,
    records,
    clock,
    random: createRandom(1),
    emit: () => undefined,
    rules,
    layers: new Set(['innate'] as const),
  })
  return {
    summaries: parts.innate.rules(),
    match: (rule, sample) => {
      const view = viewOfCase(rule, sample)
      const request: CanonicalRequest = parts.canonicalize(view, parts.readHead(view))
      const findings: Finding[] = []
      parts.innate.inspect(request, findings)
      return new Set(findings.map((finding) => finding.source))
    },
  }
}

/** Those of SecLang files have no cases beside them. */
function testRules(config: Config, set: RuleSet): RuleTestReport {
  const { rules } = set
  const { match } = standalone(config, set)
  const failures: RuleTestReport['failures'][number][] = []
  let cases = 0
  for (const rule of rules) {
    for (const expected of ['match', 'no match'] as const) {
      for (const sample of expected === 'match' ? rule.cases.attack : rule.cases.benign) {
        cases += 1
        const isMatch = match(rule, sample).has(rule.id)
        if (isMatch !== (expected === 'match')) failures.push({ ruleId: rule.id, expected, sample: caseText(sample) })
      }
    }
  }
  return { rules: rules.length, cases, failures }
}

/** The lines of a rule in its file, up to its cases. */
function sourceOf({ file, line }: Rule): readonly string[] {
  const [first = '', ...rest] = readFileSync(file, 'utf8')
    .split('\n')
    .slice(line - 1)
  const end = rest.findIndex((text) => /^\s*(?:cases:|- id:)/.test(text))
  return [first, ...(end === -1 ? rest : rest.slice(0, end))].map((text) => text.replace(/^ {2}/, '').trimEnd())
}

/** The directives of a chain, one for each of its links, with the lines that they go on over. */
function directivesOf({ file, line, conditions }: OrderedRule): readonly string[] {
  const lines = readFileSync(file, 'latin1')
    .split('\n')
    .slice(line - 1)
  const shown: string[] = []
  let directives = 0
  for (const text of lines) {
    if (directives === conditions.length) break
    if (/^\s*(?:#|$)/.test(text) && !shown.at(-1)?.endsWith('\\')) continue
    shown.push(text.trimEnd())
    if (!/\\\s*$/.test(text)) directives += 1
  }
  return shown
}
