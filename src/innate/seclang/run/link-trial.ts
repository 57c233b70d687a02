import type { Judge } from './judge.ts'
import type { Look } from './looks.ts'
import type { MatchReport, Standing } from './match-report.ts'
import type { OwnLooks } from './own-looks.ts'
import type { PlannedLink, PlannedProgramRule } from './program-plan.ts'
import type { ReadText } from './read-text.ts'
import { isCountRemoved, isRemoved, removedFrom } from './removed-targets.ts'
import type { TextReader } from './text-reader.ts'
import type { TransactionState } from './transaction-state.ts'

/** Asks one link of a chain about all it looks at; true when there was a match. Every match is reported. */
export type LinkTrial = (state: TransactionState, rule: PlannedProgramRule, planned: PlannedLink) => boolean

type TxPlace = Extract<Look['from'], { kind: 'tx' }>

export type LinkTrialParts = {
  readonly reader: TextReader
  readonly judge: Judge
  readonly own: OwnLooks
  readonly matches: MatchReport
}

export function createLinkTrial({ reader, judge, own, matches }: LinkTrialParts): LinkTrial {
  const tryText = (standing: Standing, read: ReadText, look: Look, key: string): void => {
    const { state, planned } = standing
    if (planned.stages.length > 0) tryStages(standing, read, look, key)
    else if (judge.holds(state, planned, read)) {
      matches.report(standing, look.prefix + key, reader.form(read, planned.node), read)
    }
  }

  /** multiMatch: before all transformations and after each one that changes something. */
  const tryStages = (standing: Standing, read: ReadText, look: Look, key: string): void => {
    const { state, planned } = standing
    if (planned.stages.every((node) => reader.form(read, node) === read.text)) {
      if (judge.holds(state, planned, read)) matches.report(standing, look.prefix + key, read.text)
      return
    }
    const texts: string[] = []
    for (const node of planned.stages) {
      const text = reader.form(read, node)
      if (text !== texts.at(-1)) texts.push(text)
    }
    for (const text of texts) if (judge.holdsAt(state, planned, text)) matches.report(standing, look.prefix + key, text)
  }

  const tryView = (standing: Standing, look: Look, number: number): void => {
    const { state, rule, planned } = standing
    const { members, texts, candidates } = state.views.view(number, state.work)
    const { isPrefiltered } = planned
    const word = planned.condition >> 5
    const bit = 1 << (planned.condition & 31)
    if (isPrefiltered && ((candidates[word] ?? 0) & bit) === 0) return
    const { work } = state
    const removed = removedFrom(state, rule, planned)
    for (let at = 0; at < texts.length && work.spent <= work.limit; at += 1) {
      const read = texts[at] as ReadText
      if (isPrefiltered && ((read.candidates[word] as number) & bit) === 0) continue
      const key = look.hasKeys ? (members[at]?.key ?? '') : ''
      if (removed === null || !isRemoved(removed, look, key)) tryText(standing, read, look, key)
    }
  }

  /** A text of the run itself, about which nothing is known beforehand. */
  const tryLoose = (standing: Standing, text: string, look: Look, key: string): void => {
    const { state, planned } = standing
    if (planned.node !== 0) tryText(standing, reader.unread(text), look, key)
    else if (judge.holdsAt(state, planned, text)) matches.report(standing, look.prefix + key, text)
  }

  const tryVariable = (standing: Standing, look: Look, { lower, key }: TxPlace): void => {
    const { state, rule, planned } = standing
    const value = state.tx.get(lower)
    if (value === undefined) return
    const removed = removedFrom(state, rule, planned)
    if (removed === null || !isRemoved(removed, look, lower)) tryLoose(standing, value, look, key)
  }

  const tryOwn = (standing: Standing, look: Look): void => {
    const { state, rule, planned } = standing
    const removed = removedFrom(state, rule, planned)
    for (const { key, value } of own.members(state, look)) {
      if (removed !== null && isRemoved(removed, look, key)) continue
      tryLoose(standing, value, look, look.hasKeys ? key : '')
    }
  }

  const tryLook = (standing: Standing, look: Look): void => {
    const { state, rule, planned } = standing
    if (look.isCount) {
      const removed = removedFrom(state, rule, planned)
      if (removed !== null && isCountRemoved(removed, look)) return
      tryLoose(standing, String(own.count(state, look)), look, '')
    } else if (look.from.kind === 'message') tryView(standing, look, look.from.view)
    else if (look.from.kind === 'tx') tryVariable(standing, look, look.from)
    else tryOwn(standing, look)
  }

  return (state, rule, planned) => {
    if (!hasCandidates(state, planned)) return false
    const standing: Standing = { state, rule, planned, hasMatched: false }
    if (planned.isAction) matches.reportAction(standing)
    else for (const look of planned.looks) tryLook(standing, look)
    return standing.hasMatched
  }
}

/** Whether any text that a condition looks at can match it, as far as that is known beforehand. */
export function hasCandidates({ views, work }: TransactionState, { viewSet, condition }: PlannedLink): boolean {
  if (viewSet === -1) return true
  return (((views.candidates(viewSet, work)[condition >> 5] ?? 0) >>> (condition & 31)) & 1) === 1
}
