import { z } from 'zod'
import type { RecordDraft, StateRecord } from '../storage/record.ts'
import type { Exemption, Hold } from './hold.ts'
import { rungs } from './ladder.ts'

/** Room for everything a hold says, and no more: a peer must not fill our memory. */
const text = z.string().max(512)

const holdBody = z.object({
  rung: z.enum(rungs),
  basis: z.enum(['one-kind', 'two-kinds']),
  sinceMs: z.int(),
  untilMs: z.int(),
  reasons: z.array(text).max(8),
  kinds: z.array(z.enum(['innate', 'memory', 'adaptive', 'behaviour'])).max(4),
  allowedRoutes: z.array(text).max(32),
  count: z.int().min(0),
})
export type HoldBody = z.output<typeof holdBody>

const exemptionBody = z.object({ by: text, reason: text })

/** Body of a hold record; `undefined` when it does not have the expected form. */
export function readHold(record: StateRecord): HoldBody | undefined {
  const parsed = holdBody.safeParse(record.body)
  return parsed.success ? parsed.data : undefined
}

/**
 * A hold as a record. The machine's stay readable for `keepMs` after their end, so that the next hold knows how many
 * there were; a person's end with what they order, so that the machine's count again.
 */
export function draftHold(hold: Hold, keepMs: number): RecordDraft {
  const { rung, basis, sinceMs, untilMs, count } = hold
  const body = {
    rung,
    basis,
    sinceMs,
    untilMs,
    count,
    reasons: hold.reasons.slice(0, 8).map(cut),
    kinds: hold.kinds,
    allowedRoutes: hold.allowedRoutes.filter((route) => route.length <= 512).slice(0, 32),
  }
  const expiresAtMs = hold.by === 'person' ? untilMs : untilMs + keepMs
  return { kind: 'hold', subject: hold.clientId, rank: hold.by, expiresAtMs, body }
}

export function draftExemption({ clientId, untilMs, by, reason }: Exemption): RecordDraft {
  const body = { by: cut(by), reason: cut(reason) }
  return { kind: 'exemption', subject: clientId, rank: 'person', expiresAtMs: untilMs, body }
}

export function readExemption(record: StateRecord): Exemption | undefined {
  const parsed = exemptionBody.safeParse(record.body)
  return parsed.success ? { clientId: record.subject, untilMs: record.expiresAtMs, ...parsed.data } : undefined
}

function cut(sentence: string): string {
  return sentence.length <= 512 ? sentence : `${sentence.slice(0, 511)}…`
}
