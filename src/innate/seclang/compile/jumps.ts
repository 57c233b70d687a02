import type { MarkerDraft, ProgramDraft, RuleDraft } from './draft.ts'

/**
 * Sees to it that `skipAfter` has somewhere to go: behind a rule that it names by id a marker is put. A name that never
 * comes skips the rest of the phase, as in ModSecurity, which is worth a notice.
 */
export function checkJumps(draft: ProgramDraft): void {
  const wanted = new Map<string, RuleDraft>()
  const missing: RuleDraft[] = []
  const markers = new Set<string>()
  for (const step of [...draft.steps].reverse()) {
    if (step.kind === 'marker') markers.add(step.name)
    const name = step.kind === 'rule' ? jumpOf(step) : null
    if (step.kind === 'rule' && name !== null && !markers.has(name)) missing.push(step)
  }
  for (const rule of missing) {
    const name = jumpOf(rule) ?? ''
    const target = /^\d{1,15}$/.test(name) ? draft.steps.find(isRule(Number(name))) : undefined
    if (target?.kind === 'rule' && draft.steps.indexOf(target) > draft.steps.indexOf(rule)) wanted.set(name, target)
    else {
      const place = `${rule.at.file}:${rule.at.line}`
      draft.notices.add(
        `skipAfter:${name} of rule ${rule.id} (${place}) has no marker behind it and skips the rest of the phase.`,
      )
    }
  }
  for (const [name, target] of wanted) {
    draft.steps.splice(draft.steps.indexOf(target) + 1, 0, { kind: 'marker', name })
  }
}

const isRule = (id: number) => (step: RuleDraft | MarkerDraft) => step.kind === 'rule' && step.id === id

/** Where a rule jumps to: the first link that says so counts. */
function jumpOf(rule: RuleDraft): string | null {
  for (const { sink } of rule.links) if (sink.skipAfter !== null) return sink.skipAfter
  return null
}
