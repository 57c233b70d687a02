import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = '/usr/share/modsecurity-crs/rules'

/** Why tests over the Core Rule Set have to be skipped; `null` when they can run. */
export const crsAbsence: string | null = existsSync(directory)
  ? null
  : `install modsecurity-crs: ${directory} is missing`

export type CrsPattern = { readonly rule: string; readonly pattern: string }

/** The patterns of all `@rx` operators of the installed Core Rule Set, each once, with the rule that has it first. */
export function loadCrsPatterns(): readonly CrsPattern[] {
  if (crsAbsence !== null) return []
  const patterns = new Map<string, CrsPattern>()
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.conf'))) {
    const text = readFileSync(join(directory, file), 'latin1').replace(/\\\n\s*/g, ' ')
    let rule = file
    for (const line of text.split('\n')) {
      const found = /^\s*SecRule\s+(?:"(?:[^"\\]|\\.)*"|\S+)\s+"((?:[^"\\]|\\.)*)"(.*)$/.exec(line)
      if (found === null) continue
      rule = /\bid:(\d+)/.exec(found[2] ?? '')?.[1] ?? `${rule} (chained)`
      const pattern = patternOf((found[1] ?? '').replace(/\\"/g, '"').replace(/^!/, ''))
      if (pattern !== null && !patterns.has(pattern)) patterns.set(pattern, { rule, pattern })
    }
  }
  return [...patterns.values()]
}

function patternOf(operator: string): string | null {
  if (operator.startsWith('@rx ')) return operator.slice(4)
  return operator.startsWith('@') ? null : operator
}
