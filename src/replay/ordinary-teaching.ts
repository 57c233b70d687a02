import { isAdmitted } from '../engine/learn.ts'
import type { RequestView } from '../request/request-view.ts'
import type { Lesson } from './lessons.ts'
import { toRequestView } from './record-view.ts'
import type { ReplayEngine } from './replay-engine.ts'

export type LessonCount = { sent: number; admitted: number }

export type OrdinaryTeaching = {
  readonly benign: LessonCount
  readonly poison: LessonCount
}

/** How much the engine takes in at one `learn`, at least. */
const learnEvery = 32
/** Rounds of learning after the last lesson, more than any queue holds. */
const lastRounds = 64

/**
 * Sends lessons as clients would: what is let through is answered 200 and offered for learning under the ordinary
 * rules. `onView` is told of each record once.
 */
export function teachOrdinarily(
  engine: ReplayEngine,
  lessons: readonly Lesson[],
  onView: (view: RequestView, lesson: Lesson) => void,
): OrdinaryTeaching {
  const counts: OrdinaryTeaching = { benign: { sent: 0, admitted: 0 }, poison: { sent: 0, admitted: 0 } }
  for (const [index, lesson] of lessons.entries()) {
    const { record, remoteAddress, atMs } = lesson
    const result = toRequestView(record.request, { remoteAddress, receivedAtMs: atMs })
    if (result.kind === 'unreadable') continue
    if (lesson.isNew) onView(result.view, lesson)
    const inspection = engine.inspect(result.view)
    const { verdict } = inspection
    const outcome = { status: verdict.kind === 'allow' ? 200 : verdict.status, atMs }
    const count = lesson.isPoison ? counts.poison : counts.benign
    count.sent += 1
    if (isAdmitted(inspection, outcome, false)) count.admitted += 1
    engine.settle(inspection, outcome)
    if (index % learnEvery === learnEvery - 1) engine.learn()
  }
  for (let round = 0; round < lastRounds; round += 1) engine.learn()
  return counts
}
