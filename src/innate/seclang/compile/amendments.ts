import { messageOf } from '../../../core/errors.ts'
import { macroSource } from '../parse/macro-text.ts'
import { ruleFault } from '../parse/position.ts'
import type { Directive } from '../parse/read-directives.ts'
import { parseVariableList, type VariableText } from '../parse/variable-list.ts'
import type { VariableSelector } from '../program.ts'
import { emptySink } from './action-sink.ts'
import { applyActions } from './action-table.ts'
import { type Amendment, actionContext, locate, type ProgramDraft, type RuleDraft } from './draft.ts'
import type { LinkDraft } from './link-draft.ts'
import { compileNameMatcher } from './name-matcher.ts'
import { isInRanges, parseNumberRanges } from './number-ranges.ts'
import { compileSelector } from './selectors.ts'

/** How a directive names the rules it changes. */
export type Naming = 'id' | 'tag' | 'message'

type Covering = { readonly covers: (rule: RuleDraft) => boolean; readonly link: number }

/** `SecRuleRemoveById 1 2-5`, `SecRuleRemoveByTag "attack-sqli"`. */
export const readRemoval =
  (naming: Naming) =>
  (directive: Directive, draft: ProgramDraft): void => {
    const { at, words, written } = directive
    if (words.length === 0) throw ruleFault(`${written} takes ${naming === 'id' ? 'ids' : `a ${naming}`}`, { at })
    const { covers } = locate(directive, null, () =>
      coveringOf(naming, words.map((word) => word.text).join(' '), draft),
    )
    draft.amendments.push({ at, directive: written, kind: 'remove', covers, change: () => undefined })
  }

/** `SecRuleUpdateTargetById 1 "!ARGS:q"`: adds targets; with a third argument they stand in for that target. */
export const readTargetUpdate =
  (naming: Naming) =>
  (directive: Directive, draft: ProgramDraft): void => {
    const { at, words, written } = directive
    const [name, targets, replaced] = words
    if (name === undefined || targets === undefined || words.length > 3) {
      throw ruleFault(`${written} takes a rule, targets and perhaps the target they replace`, { at })
    }
    const update = locate(directive, null, () => {
      const { covers, link } = coveringOf(naming, name.text, draft)
      const added = parseVariableList(targets.text)
      const gone = replaced === undefined ? [] : parseVariableList(replaced.text)
      const change = (rule: RuleDraft): void => {
        const changed = rule.links[link]
        if (changed === undefined) throw new Error(`rule ${rule.id} has no link ${link}`)
        changeTargets(changed, { added, gone, draft })
      }
      // Compiled once here, so that a bad target is refused even when it names no rule.
      for (const variable of [...added, ...gone]) compileSelector(variable, draft.dialect)
      return { covers, change }
    })
    draft.amendments.push({ at, directive: written, kind: 'change', ...update })
  }

/** `SecRuleUpdateActionById 1 "pass"`: the actions come after those of the rule. */
export function readActionUpdate(directive: Directive, draft: ProgramDraft): void {
  const { at, words, written } = directive
  const [name, actions] = words
  if (name === undefined || actions === undefined || words.length > 2) {
    throw ruleFault(`${written} takes a rule and actions`, { at })
  }
  const update = locate(directive, null, () => {
    const { covers, link } = coveringOf('id', name.text, draft)
    const probe = emptySink()
    applyActions(actions.text, probe, actionContext(draft))
    if (probe.id !== null || probe.phase !== null || probe.isChained) {
      throw new Error(`${written} cannot change id, phase or chain`)
    }
    if (link > 0 && probe.disruptions.length > 0) throw new Error('only the first rule of a chain may say what happens')
    const change = (rule: RuleDraft): void => {
      const changed = rule.links[link]
      if (changed === undefined) throw new Error(`rule ${rule.id} has no link ${link}`)
      applyActions(actions.text, changed.sink, actionContext(draft))
    }
    return { covers, change }
  })
  draft.amendments.push({ at, directive: written, kind: 'change', ...update })
}

/**
 * Makes the changes that were read, to rules before and after them: ModSecurity 3 looks exclusions up when a rule runs,
 * so their place does not count.
 */
export function applyAmendments(draft: ProgramDraft): void {
  for (const amendment of draft.amendments) {
    let isUsed = false
    for (const step of draft.steps) {
      if (step.kind !== 'rule' || !amendment.covers(step)) continue
      isUsed = true
      if (amendment.kind === 'change') changeRule(amendment, step)
    }
    if (!isUsed) draft.notices.add(`${amendment.directive} in ${amendment.at.file}:${amendment.at.line} meets no rule.`)
  }
  const removals = draft.amendments.filter(({ kind }) => kind === 'remove')
  if (removals.length === 0) return
  const kept = draft.steps.filter((step) => step.kind === 'marker' || !removals.some(({ covers }) => covers(step)))
  draft.steps.length = 0
  for (const step of kept) draft.steps.push(step)
}

function changeRule(amendment: Amendment, rule: RuleDraft): void {
  try {
    amendment.change(rule)
  } catch (cause) {
    throw ruleFault(messageOf(cause), { at: amendment.at, id: rule.id, cause })
  }
}

function coveringOf(naming: Naming, text: string, draft: ProgramDraft): Covering {
  if (naming === 'id') {
    const offset = /^(.*):(\d{1,4})$/.exec(text)
    const ranges = parseNumberRanges(offset?.[1] ?? text)
    return { covers: ({ id }) => isInRanges(ranges, id), link: Number(offset?.[2] ?? 0) }
  }
  const matches = compileNameMatcher(text, draft.dialect)
  if (naming === 'tag') return { covers: ({ links }) => links[0]?.sink.tags.some(matches) ?? false, link: 0 }
  const hasMessage = ({ links }: RuleDraft): boolean => {
    const message = links[0]?.sink.message ?? null
    return message !== null && matches(macroSource(message))
  }
  return { covers: hasMessage, link: 0 }
}

type TargetChange = {
  readonly added: readonly VariableText[]
  readonly gone: readonly VariableText[]
  readonly draft: ProgramDraft
}

function changeTargets(link: LinkDraft, { added, gone, draft }: TargetChange): void {
  for (const variable of gone) {
    const selector = compileSelector(variable, draft.dialect)
    const list = variable.isExcluded ? link.excluded : link.included
    const at = list.findIndex((other) => isSame(other, selector))
    if (at === -1) throw new Error(`the rule has no target ${variable.written} to replace`)
    list.splice(at, 1)
  }
  for (const variable of added) {
    const selector = compileSelector(variable, draft.dialect)
    link.source.push(variable.written)
    if (variable.isExcluded) link.excluded.push(selector)
    else link.included.push(selector)
  }
}

const isSame = (left: VariableSelector, right: VariableSelector): boolean =>
  left.name === right.name && left.isCount === right.isCount && keyOf(left) === keyOf(right)

function keyOf({ key }: VariableSelector): string {
  if (key.kind === 'all') return 'all'
  if (key.kind === 'key') return `key ${key.key.toLowerCase()}`
  return key.kind === 'pattern' ? `pattern ${key.source}` : `path ${key.path}`
}
