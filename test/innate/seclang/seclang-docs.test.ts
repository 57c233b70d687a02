import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { actionTable, refusedActions } from '../../../src/innate/seclang/compile/action-table.ts'
import { controlTable, refusedControls } from '../../../src/innate/seclang/compile/control.ts'
import { type DirectiveEntry, directiveTable } from '../../../src/innate/seclang/compile/directive-table.ts'
import { refusedVariables } from '../../../src/innate/seclang/compile/selectors.ts'
import { unsupportedOperators } from '../../../src/innate/seclang/operators/unsupported.ts'

const page = readFileSync(new URL('../../../docs/SECLANG.md', import.meta.url), 'utf8')
const row = (name: string, means: string): string => `| \`${name}\` | ${means.replaceAll('|', '\\|')} |`
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`

/** Section by section what the tables say, so that the page can be held to them line by line. */
const directives = (kind: DirectiveEntry['kind']): readonly string[] =>
  [...directiveTable.values()]
    .filter((entry) => entry.kind === kind)
    .map(({ name, means }) => row(name, sentence(means)))
const refusals = (table: ReadonlyMap<string, string>): readonly string[] =>
  [...table].map(([name, why]) => row(name, sentence(why)))

const sections: readonly (readonly [title: string, rows: readonly string[]])[] = [
  ['the directives for rules', directives('rule')],
  ['the settings', directives('setting')],
  ['the directives without effect', directives('idle')],
  ['the refused directives', directives('refused')],
  ['the actions', [...actionTable.values()].map(({ name, means }) => row(name, sentence(means)))],
  ['the refused actions', refusals(refusedActions)],
  ['the names of ctl', [...controlTable.values()].map(({ name, means }) => row(name, sentence(means)))],
  ['the refused names of ctl', refusals(refusedControls)],
  ['the refused variables', refusals(refusedVariables)],
]

describe('docs/SECLANG.md', () => {
  it.each(sections)('shows %s as the table has them, in order and no others', (_title, rows) => {
    expect(rows.length).toBeGreaterThan(0)
    expect(page).toContain(`${rows.join('\n')}\n\n`)
  })

  it('shows nothing else as a word of the language', () => {
    const known = new Set(sections.flatMap(([, rows]) => rows))
    const shown = page.split('\n').filter((line) => /^\| `[A-Za-z_0-9]+` \| /.test(line))
    expect(shown.filter((line) => !known.has(line) && !line.includes('`Include'))).toEqual([])
    expect(shown).toHaveLength(known.size + 2)
  })

  it('names every operator that is refused or never matches', () => {
    for (const { name } of unsupportedOperators) expect(page).toContain(`\`@${name}\``)
  })
})
