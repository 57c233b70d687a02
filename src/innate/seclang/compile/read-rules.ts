import { parseActionList } from '../parse/action-list.ts'
import { parseOperator } from '../parse/operator-text.ts'
import { ruleFault } from '../parse/position.ts'
import type { Directive } from '../parse/read-directives.ts'
import { parseVariableList } from '../parse/variable-list.ts'
import { type ActionSink, emptySink } from './action-sink.ts'
import { applyActions } from './action-table.ts'
import { actionContext, locate, type ProgramDraft, type RuleDraft } from './draft.ts'
import type { LinkDraft } from './link-draft.ts'
import { compileSelector } from './selectors.ts'

/** `SecRule VARIABLES "OPERATOR" "ACTIONS"`; the actions may be left out of a chained rule. */
export function readSecRule(directive: Directive, draft: ProgramDraft): void {
  const [variables, operator, actions] = directive.words
  const id = actions === undefined ? null : findId(actions.text)
  if (variables === undefined || operator === undefined || directive.words.length > 3) {
    throw ruleFault(`${directive.written} takes variables, an operator and actions, found ${countOf(directive)}`, {
      at: directive.at,
      id,
    })
  }
  const link = locate(directive, id, () => {
    const list = parseVariableList(variables.text).filter((variable) => variable.written !== '')
    const selectors = list.map((variable) => ({ variable, selector: compileSelector(variable, draft.dialect) }))
    return {
      source: list.map((variable) => variable.written),
      included: selectors.filter(({ variable }) => !variable.isExcluded).map(({ selector }) => selector),
      excluded: selectors.filter(({ variable }) => variable.isExcluded).map(({ selector }) => selector),
      operator: parseOperator(operator.text),
    }
  })
  place(directive, draft, { ...link, at: directive.at, sink: readSink(directive, draft, actions?.text ?? '') })
}

/** `SecAction "ACTIONS"`: a rule that always matches. */
export function readSecAction(directive: Directive, draft: ProgramDraft): void {
  const [actions] = directive.words
  if (actions === undefined || directive.words.length > 1) {
    throw ruleFault(`${directive.written} takes actions, found ${countOf(directive)}`, { at: directive.at })
  }
  const sink = readSink(directive, draft, actions.text)
  place(directive, draft, { source: [], included: [], excluded: [], operator: null, at: directive.at, sink })
}

/** Reads an action list; faults name the rule. */
export function readSink(directive: Directive, draft: ProgramDraft, text: string): ActionSink {
  const sink = emptySink()
  locate(directive, findId(text), () => applyActions(text, sink, actionContext(draft)))
  return sink
}

function place(directive: Directive, draft: ProgramDraft, link: LinkDraft): void {
  const { sink, at } = link
  const starter = draft.openChain
  if (starter !== null) {
    if (sink.disruptions.length > 0) {
      throw ruleFault('only the first rule of a chain may say what happens (pass, deny, block, ...)', {
        at,
        id: starter.id,
      })
    }
    starter.links.push(link)
    if (!sink.isChained) draft.openChain = null
    return
  }
  const { id } = sink
  if (id === null) throw ruleFault(`${directive.written} has no id`, { at })
  const earlier = draft.ids.get(id)
  if (earlier !== undefined) throw ruleFault(`the id is taken by ${earlier.file}:${earlier.line}`, { at, id })
  draft.ids.set(id, at)
  const rule: RuleDraft = { kind: 'rule', at, id, phase: sink.phase ?? 2, links: [link] }
  draft.steps.push(rule)
  if (sink.isChained) draft.openChain = rule
}

/** The id for a fault, as far as it can be told from a list that may be broken. */
function findId(actions: string): string | null {
  try {
    return parseActionList(actions).find(({ name }) => name === 'id')?.value ?? null
  } catch {
    return /(?:^|[\s,])id:'?(\d{1,15})/i.exec(actions)?.[1] ?? null
  }
}

const countOf = ({ words }: Directive): string => `${words.length} ${words.length === 1 ? 'argument' : 'arguments'}`
