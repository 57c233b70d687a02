import { ruleFault } from '../parse/position.ts'
import type { Directive } from '../parse/read-directives.ts'
import type { ActionSink } from './action-sink.ts'
import type { ProgramDraft } from './draft.ts'
import { readSink } from './read-rules.ts'

/** `SecDefaultAction "phase:2,log,auditlog,pass"`: once per phase. */
export function readDefaultAction(directive: Directive, draft: ProgramDraft): void {
  const { at, words, written } = directive
  const [actions] = words
  if (actions === undefined || words.length > 1) throw ruleFault(`${written} takes actions`, { at })
  const sink = readSink(directive, draft, actions.text)
  const unfit = unfitFor(sink)
  if (unfit !== null) throw ruleFault(`${unfit} cannot stand in ${written}`, { at })
  if (!sink.disruptions.some(({ kind }) => kind !== 'block')) {
    throw ruleFault(`${written} must say what happens: pass, deny, drop, allow or redirect`, { at })
  }
  const phase = sink.phase ?? 2
  if (draft.defaults.has(phase)) throw ruleFault(`${written} was given for phase ${phase} before`, { at })
  draft.defaults.set(phase, sink)
}

/** What belongs to one rule. */
function unfitFor(sink: ActionSink): string | null {
  if (sink.id !== null) return 'id'
  if (sink.isChained) return 'chain'
  if (sink.skip > 0 || sink.skipAfter !== null) return 'skip'
  if (sink.message !== null || sink.logData !== null) return 'msg or logdata'
  if (sink.severityLevel !== null || sink.version !== '' || sink.revision !== '') return 'severity, ver or rev'
  return sink.transformations.includes('none') ? 't:none' : null
}
