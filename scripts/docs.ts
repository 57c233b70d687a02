import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeGroups, describeSettings, type Setting } from '../src/config/settings.ts'
import { errorCodes } from '../src/core/errors.ts'
import { denySentences } from '../src/http/write-verdict.ts'

/**
 * Writes the tables of docs/CONFIGURATION.md and docs/ERRORS.md from the code: `node scripts/docs.ts`. What stands
 * outside of the markers is written by people. A test compares the files with what this script would write.
 */
export const documents: readonly string[] = ['CONFIGURATION.md', 'ERRORS.md']

const sections: Readonly<Record<string, () => string>> = { settings, errors, refusals }

export function documentPath(name: string): string {
  return fileURLToPath(new URL(`../docs/${name}`, import.meta.url))
}

/** The document with every generated section as it should be. */
export function generate(text: string): string {
  return text.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (whole, start: string, name: string, end: string) => {
      const section = sections[name]
      return section === undefined ? whole : `${start}\n${section()}\n${end}`
    },
  )
}

function settings(): string {
  const all = describeSettings()
  const isTop = (setting: Setting) => !setting.key.includes('.')
  const groups = describeGroups().map(({ key, sentence }) => {
    const members = all.filter((setting) => setting.key.startsWith(`${key}.`))
    return `### \`${key}\`\n\n${sentence}\n\n${settingTable(members)}`
  })
  const entries = all.filter((setting) => setting.key.includes('[]'))
  return [
    `### Top level\n\n${settingTable(all.filter(isTop))}`,
    ...groups,
    `### Entries of \`routes\`\n\n${settingTable(entries)}`,
  ].join('\n')
}

function settingTable(rows: readonly Setting[]): string {
  return table(
    ['setting', 'value', 'default', 'meaning'],
    rows.map((row) => [`\`${row.key}\``, row.type, defaultOf(row), row.sentence]),
  )
}

function defaultOf({ default: value }: Setting): string {
  return value === undefined ? 'none' : `\`${JSON.stringify(value)}\``
}

function errors(): string {
  return table(
    ['code', 'meaning'],
    Object.entries(errorCodes).map(([code, sentence]) => [`\`${code}\``, sentence]),
  )
}

function refusals(): string {
  return table(
    ['reason', 'what the client reads'],
    Object.entries(denySentences).map(([reason, text]) => [`\`${reason}\``, text]),
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of documents) {
    const path = documentPath(name)
    writeFileSync(path, generate(readFileSync(path, 'utf8')))
  }
}
