import type { Clock } from '../../src/core/clock.ts'
import { createRecordLog, type OpenRecordLog, type RecordLogOptions } from '../../src/storage/create-record-log.ts'
import type { RecordDraft, StateRecord } from '../../src/storage/record.ts'

/** A complete record with the members that a test names. */
export function recordWith(members: Partial<StateRecord>): StateRecord {
  return {
    id: 'node-a.1.0',
    kind: 'hold',
    subject: 'client-1',
    rank: 'machine',
    origin: 'node-a',
    clock: [1_000, 0],
    expiresAtMs: null,
    schema: 1,
    body: {},
    signature: null,
    ...members,
  }
}

export function draftWith(members: Partial<RecordDraft> = {}): RecordDraft {
  return { kind: 'hold', subject: 'client-1', rank: 'machine', expiresAtMs: null, body: {}, ...members }
}

export function logWith(clock: Clock, options: Partial<RecordLogOptions> = {}): OpenRecordLog {
  return createRecordLog({ nodeId: 'node-a', clock, ...options })
}
