import { z } from 'zod'
import { operatorTable } from './operators/table.ts'
import { severityScores } from './rule.ts'

const caseSchema = z.union([
  z.string(),
  z.strictObject({ in: z.string().optional(), value: z.string() }),
  z.strictObject({
    method: z.string().default('GET'),
    target: z.string(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().nullable().default(null),
  }),
])

const operatorKeys = Object.fromEntries([...operatorTable.keys()].map((name) => [name, z.unknown().optional()]))

const conditionKeys = {
  targets: z.array(z.string()).min(1).optional(),
  transforms: z.array(z.string()).optional(),
  not: z.boolean().optional(),
  ...operatorKeys,
}

export const conditionSchema = z.strictObject(conditionKeys)

export const ruleSchema = z.strictObject({
  ...conditionKeys,
  id: z.string().regex(/^[a-z][a-z0-9-]{2,63}$/, 'expected small letters, digits and dashes, like sqli-110'),
  title: z.string().min(4).max(120),
  severity: z.enum(Object.keys(severityScores) as [keyof typeof severityScores]),
  paranoia: z.int().min(1).max(4).default(1),
  phase: z.enum(['head', 'body']).default('body'),
  tags: z.array(z.string().min(1)).default([]),
  shadow: z.boolean().default(false),
  keywords: z.union([z.literal('none'), z.array(z.string().min(1)).min(1)]).optional(),
  all: z.array(conditionSchema).min(1).optional(),
  cases: z.strictObject({ attack: z.array(caseSchema).min(3), benign: z.array(caseSchema).min(2) }),
})

export const ruleFileSchema = z.strictObject({
  family: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected small letters, digits and dashes'),
  title: z.string().min(1),
  /** Targets of the rules that name none. */
  targets: z.array(z.string()).min(1).optional(),
  rules: z.array(z.unknown()).min(1),
})

export type RuleSource = z.output<typeof ruleSchema>
export type ConditionSource = z.output<typeof conditionSchema>
export type CaseSource = z.output<typeof caseSchema>
