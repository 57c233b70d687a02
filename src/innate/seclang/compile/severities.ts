import type { Severity } from '../../rule.ts'

const levels = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const

/** `CRITICAL` or `2` as a number from 0 to 7. Throws an Error otherwise. */
export function parseSeverity(text: string): number {
  const level = /^[0-7]$/.test(text) ? Number(text) : (levels as readonly string[]).indexOf(text.toLowerCase())
  if (level === -1) throw new Error(`expected a severity from 0 to 7 or one of ${levels.join(', ')}, found \`${text}\``)
  return level
}

/** Syslog levels on our scale of four; a rule without one is taken for a notice. */
export function severityOf(level: number | null): Severity {
  if (level === null || level > 4) return 'notice'
  if (level === 4) return 'warning'
  return level === 3 ? 'error' : 'critical'
}
