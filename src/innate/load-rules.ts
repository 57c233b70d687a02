import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isNode, LineCounter, parseDocument } from 'yaml'
import { messageOf, ThymusError } from '../core/errors.ts'
import { compileRule } from './compile-rule.ts'
import type { Rule } from './rule.ts'
import { ruleFileSchema, ruleSchema } from './rule-file.ts'

/** The rules that come with the package; `src/innate` and `dist/innate` are equally deep. */
export const shippedRulesDirectory: string = fileURLToPath(new URL('../../rules', import.meta.url))

/**
 * Loads every `.yaml` and `.yml` file of the folders, in name order. Nothing is skipped: whatever cannot be read or
 * compiled stops the load with a ThymusError (THY_RULE) that names file, line, rule and reason.
 */
export function loadRules(directories: readonly string[] = [shippedRulesDirectory]): readonly Rule[] {
  const rules: Rule[] = []
  for (const directory of directories) {
    for (const file of listRuleFiles(directory)) rules.push(...parseRules(readRuleFile(file), file))
  }
  refuseDuplicates(rules)
  return rules
}

/** Compiles the text of one rule file. */
export function parseRules(text: string, file: string): readonly Rule[] {
  const lines = new LineCounter()
  const document = parseYaml(text, file, lines)
  const lineAt = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const parsed = ruleFileSchema.safeParse(toPlain(document, file))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const path = (issue?.path ?? []) as (string | number)[]
    throw fault({
      file,
      line: lineAt(path),
      reason: `${path.join('.') || 'file'}: ${issue?.message ?? 'not a rule file'}`,
    })
  }
  const { family, rules, targets } = parsed.data
  return rules.map((source, index) =>
    compileEntry(source, { file, family, targets, lineAt: (path) => lineAt(['rules', index, ...path]) }),
  )
}

type Entry = {
  readonly file: string
  readonly family: string
  readonly targets: readonly string[] | undefined
  readonly lineAt: (path: readonly (string | number)[]) => number
}

function compileEntry(source: unknown, { file, family, targets, lineAt }: Entry): Rule {
  const id = idOf(source)
  const parsed = ruleSchema.safeParse(source)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const path = (issue?.path ?? []) as (string | number)[]
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys : []
    const where = [...path, ...keys.slice(0, 1)]
    throw fault({
      file,
      line: lineAt(where),
      id,
      reason: `${where.join('.') || 'rule'}: ${issue?.message ?? 'not a rule'}`,
    })
  }
  try {
    return compileRule(parsed.data, { family, file, line: lineAt(['id']), targets })
  } catch (cause) {
    throw fault({ file, line: lineAt([]), id, reason: messageOf(cause), cause })
  }
}

const idOf = (source: unknown): string | undefined =>
  typeof source === 'object' && source !== null && 'id' in source && typeof source.id === 'string'
    ? source.id
    : undefined

function listRuleFiles(directory: string): readonly string[] {
  try {
    if (!statSync(directory).isDirectory()) throw new Error('it is not a folder')
    const names = readdirSync(directory).filter((name) => ['.yaml', '.yml'].includes(extname(name)))
    return names.sort().map((name) => join(directory, name))
  } catch (cause) {
    throw new ThymusError('THY_RULE', `Rules folder ${directory} cannot be read: ${messageOf(cause)}.`, { cause })
  }
}

function readRuleFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw fault({ file, line: 1, reason: messageOf(cause), cause })
  }
}

function parseYaml(text: string, file: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  let document: ReturnType<typeof parseDocument>
  try {
    document = parseDocument(text, { lineCounter, prettyErrors: false })
  } catch (cause) {
    throw fault({ file, line: 1, reason: messageOf(cause), cause })
  }
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem !== undefined)
    throw fault({ file, line: lineCounter.linePos(problem.pos[0]).line, reason: problem.message })
  return document
}

function toPlain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 200 })
  } catch (cause) {
    throw fault({ file, line: 1, reason: messageOf(cause), cause })
  }
}

function refuseDuplicates(rules: readonly Rule[]): void {
  const seen = new Map<string, Rule>()
  for (const rule of rules) {
    const earlier = seen.get(rule.id)
    if (earlier !== undefined) {
      const reason = `the id is taken by ${earlier.file}:${earlier.line}`
      throw fault({ file: rule.file, line: rule.line, id: rule.id, reason })
    }
    seen.set(rule.id, rule)
  }
}

type Fault = {
  readonly file: string
  readonly line: number
  readonly id?: string | undefined
  readonly reason: string
  readonly cause?: unknown
}

function fault({ file, line, id, reason, cause }: Fault): ThymusError {
  const rule = id === undefined ? '' : ` rule ${id}:`
  return new ThymusError('THY_RULE', `${file}:${line}:${rule} ${reason}`, { cause })
}
