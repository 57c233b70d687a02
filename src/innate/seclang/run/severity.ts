import type { Severity } from '../../rule.ts'

/** Numbers of syslog, as SecLang uses them. */
export const severityNumbers: Readonly<Record<Severity, number>> = { critical: 2, error: 3, warning: 4, notice: 5 }
