import type { Subject, Work } from '../../operators/operator.ts'
import type { Macro } from '../macro.ts'
import type { ExpandMacro } from './macro-expansion.ts'
import type { PlannedLink } from './program-plan.ts'
import type { ReadText } from './read-text.ts'
import type { TextReader } from './text-reader.ts'
import type { TransactionState } from './transaction-state.ts'

/** What running one operator costs besides reading, so that many small values count as well. */
const testCost = 8

/** Asks a condition about a text, and remembers the answer for texts that are kept. */
export type Judge = {
  /** Whether the condition holds for the text as its transformations leave it. */
  readonly holds: (state: TransactionState, planned: PlannedLink, read: ReadText) => boolean
  /** Whether it holds for a text at one node of its chain. */
  readonly holdsAt: (state: TransactionState, planned: PlannedLink, text: string) => boolean
  /** What a condition captures of a text that it holds for; remembered for texts that are kept. */
  readonly groups: (state: TransactionState, planned: PlannedLink, text: string, read?: ReadText) => readonly string[]
  /** The operator's view of a text. Good until the next question. */
  readonly subjectOf: (state: TransactionState, text: string) => Subject
}

type MutableSubject = { -readonly [K in keyof Subject]: Subject[K] }

export function createJudge(reader: TextReader, expand: ExpandMacro): Judge {
  let current: TransactionState | null = null
  let hasExpanded = false
  let folded: string | null = null
  const subject: MutableSubject = {
    text: '',
    get lower() {
      folded ??= subject.text.toLowerCase()
      return folded
    },
    flags: 0,
    decodeDepth: 0,
    work: { spent: 0, limit: 0 },
    expand: (macro: Macro) => {
      hasExpanded = true
      return current === null ? '' : expand(current, macro)
    },
  }

  const subjectOf = (state: TransactionState, text: string): Subject => {
    current = state
    folded = null
    subject.text = text
    subject.work = state.work
    return subject
  }

  const holdsAt = (state: TransactionState, { link }: PlannedLink, text: string): boolean => {
    const { operator, isNegated } = link
    const { work } = state
    work.spent += operator.isCheap ? testCost : testCost + text.length
    if (work.spent > work.limit) return false
    hasExpanded = false
    const isMatch = operator.test(subjectOf(state, text))
    // An operator that ran out of work says no, which a negated one must not take for an answer.
    return isMatch !== isNegated && (isMatch || work.spent <= work.limit)
  }

  const holds = (state: TransactionState, planned: PlannedLink, read: ReadText): boolean => {
    const { judged, answers } = read
    const word = planned.condition >> 5
    const bit = 1 << (planned.condition & 31)
    if (judged !== null && answers !== null && ((judged[word] as number) & bit) !== 0) {
      return ((answers[word] as number) & bit) !== 0
    }
    const answer = holdsAt(state, planned, reader.form(read, planned.node))
    if (judged !== null && answers !== null && !hasExpanded && isWithin(state.work)) {
      judged[word] = (judged[word] as number) | bit
      if (answer) answers[word] = (answers[word] as number) | bit
    }
    return answer
  }

  const groups: Judge['groups'] = (state, planned, text, read) => {
    const known = read?.groups?.get(planned.condition)
    if (known !== undefined) return known
    hasExpanded = false
    const captured = planned.link.operator.capture?.(subjectOf(state, text)) ?? []
    if (read !== undefined && read.judged !== null && !hasExpanded && isWithin(state.work)) {
      read.groups ??= new Map()
      read.groups.set(planned.condition, captured)
    }
    return captured
  }

  return { holds, holdsAt, groups, subjectOf }
}

const isWithin = (work: Work): boolean => work.spent <= work.limit
