import { messageOf, ThymusError } from '../../../core/errors.ts'
import { ruleFault } from '../parse/position.ts'
import type { Directive } from '../parse/read-directives.ts'
import type { BodyProcessor, OrderedRule, ProgramStep, RuleProgram } from '../program.ts'
import { parseUnicodeMap } from '../transformations/unicode-map.ts'
import { createUrlDecodeUni } from '../transformations/url.ts'
import { applyAmendments } from './amendments.ts'
import { compileRuleDraft } from './compile-rule-draft.ts'
import type { Dialect } from './dialect.ts'
import { directiveTable } from './directive-table.ts'
import { createDraft, type ProgramDraft } from './draft.ts'
import { checkJumps } from './jumps.ts'

export type CompileOptions = {
  readonly dialect: Dialect
  /** The content of a data file that a rule of a file names; throws when there is none. */
  readonly readData: (name: string, besideFile: string) => string
}

/** Compiles directives in their order. Throws a ThymusError (THY_RULE) that names file, line, rule and reason. */
export function compileProgram(directives: readonly Directive[], options: CompileOptions): RuleProgram {
  const draft = createDraft(options.dialect)
  for (const directive of directives) readDirective(directive, draft)
  if (draft.openChain !== null) {
    throw ruleFault('the chain is not finished: no rule follows', { at: draft.openChain.at, id: draft.openChain.id })
  }
  applyAmendments(draft)
  checkJumps(draft)
  return finish(draft, options)
}

function readDirective(directive: Directive, draft: ProgramDraft): void {
  const { at, name, words, written } = directive
  const entry = directiveTable.get(name)
  if (entry === undefined) throw ruleFault(`directive ${written.slice(0, 80)} is not known`, { at })
  if (words.some(({ isClosed }) => !isClosed)) {
    draft.notices.add(`The last quote of ${at.file}:${at.line} is not closed; the rest of the line is taken.`)
  }
  try {
    entry.read(directive, draft)
  } catch (cause) {
    if (cause instanceof ThymusError) throw cause
    throw ruleFault(messageOf(cause), { at, cause })
  }
}

/** The dialect with the unicode map that the files ask for. */
function dialectOf({ dialect, unicodeMap }: ProgramDraft, { readData }: CompileOptions): Dialect {
  if (unicodeMap === null) return dialect
  const { at, file, page } = unicodeMap
  try {
    const urlDecodeUni = createUrlDecodeUni(parseUnicodeMap(readData(file, at.file), page))
    return { ...dialect, transformations: new Map([...dialect.transformations, ['urldecodeuni', urlDecodeUni]]) }
  } catch (cause) {
    throw ruleFault(`SecUnicodeMapFile: ${messageOf(cause)}`, { at, cause })
  }
}

function finish(read: ProgramDraft, options: CompileOptions): RuleProgram {
  const { readData } = options
  const draft: ProgramDraft = { ...read, dialect: dialectOf(read, options) }
  const rules: OrderedRule[] = []
  const phases: ProgramStep[][] = [[], [], [], [], []]
  for (const step of draft.steps) {
    if (step.kind === 'marker') {
      for (const phase of phases) phase.push(step)
      continue
    }
    const rule = compileRuleDraft(step, { draft, readData })
    rules.push(rule)
    phases[step.phase - 1]?.push({ kind: 'rule', rule })
  }
  const settings = { ...draft.settings, typedProcessors: notPicked(rules) }
  return { rules, phases, settings, notices: [...draft.notices].map(asSentence) }
}

const asSentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`)

function notPicked(rules: readonly OrderedRule[]): readonly BodyProcessor[] {
  const picked = new Set<BodyProcessor>()
  for (const { conditions } of rules) {
    for (const action of conditions.flatMap(({ actions }) => actions)) {
      if (action.kind === 'ctl' && action.control.kind === 'bodyProcessor') picked.add(action.control.processor)
    }
  }
  return (['JSON', 'XML'] as const).filter((processor) => !picked.has(processor))
}
