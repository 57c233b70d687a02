import { basename } from 'node:path'
import { ThymusError } from '../core/errors.ts'
import { actionOf, positionalsOf } from './arguments.ts'
import type { Command } from './context.ts'
import { jsonOption, plainText, print, textTable } from './output.ts'
import type { RuleExplanation, RuleTestReport } from './parts.ts'
import { configOptions, settingsOf } from './settings-options.ts'

/** `test` exits 1 when a case fails. */
export const rulesCommand: Command = {
  name: 'rules',
  summary: 'List the rules, run the cases that stand beside them, or explain one.',
  positionals: 'list | test | explain ID',
  options: { ...configOptions, ...jsonOption },
  run: async (call, context) => {
    const { action, rest } = actionOf(call, ['list', 'test', 'explain'])
    const [id = ''] = positionalsOf(rest, action === 'explain' ? ['the id of a rule'] : [])
    const { config } = await settingsOf(call, context)
    const book = await context.parts.rules(config)
    if (action === 'test') {
      const report = book.test()
      print(call, context, { json: report, text: () => testText(report) })
      return report.failures.length === 0 ? 0 : 1
    }
    if (action === 'explain') {
      const found = book.explain(id)
      if (found === undefined) {
        throw new ThymusError('THY_OPTION', `No rule has the id ${JSON.stringify(id)}, see thymus rules list.`)
      }
      print(call, context, { json: found, text: () => explanationText(found) })
      return 0
    }
    const rules = book.list()
    print(call, context, {
      json: { rules },
      text: () =>
        textTable(
          ['id', 'family', 'score', 'paranoia', 'state', 'title'],
          rules.map((rule) => [
            rule.id,
            rule.family,
            rule.score.toFixed(2),
            String(rule.paranoia),
            rule.isShadow ? 'shadow' : rule.paranoia > config.innate.paranoia ? 'off' : 'acts',
            rule.title,
          ]),
        ),
    })
    return 0
  },
}

function testText(report: RuleTestReport): string {
  const failures = report.failures.map(
    ({ ruleId, expected, sample }) => `${ruleId}: expected ${expected} for ${plainText(sample)}`,
  )
  const outcome = failures.length === 0 ? 'all right' : `${failures.length} wrong`
  return [...failures, `${report.rules} rules, ${report.cases} cases, ${outcome}`].join('\n')
}

function explanationText({ summary, line, source, attack, benign }: RuleExplanation): string {
  const indented = (items: readonly string[]) => items.map((item) => `  ${plainText(item)}`)
  return [
    `${summary.id}: ${summary.title}`,
    `family ${summary.family}, score ${summary.score}, paranoia ${summary.paranoia}, ${basename(summary.file)} line ${line}`,
    'It says:',
    ...indented(source),
    ...(attack.length === 0 ? [] : ['It must match:', ...indented(attack)]),
    ...(benign.length === 0 ? [] : ['It must not match:', ...indented(benign)]),
  ].join('\n')
}
