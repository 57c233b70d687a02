import { systemClock } from '../../../src/core/clock.ts'
import { createRecordLog } from '../../../src/storage/create-record-log.ts'
import type { Benchmark } from '../benchmark.ts'

const log = createRecordLog({ nodeId: 'node-a', clock: systemClock })
const subjects = Array.from({ length: 100 }, (_, index) => `address:192.0.2.${index}`)
const body = { rung: 'slowed', reasons: ['two kinds of evidence within ten minutes'], count: 1 }
const plain = new Map<string, string>()

/** What a caller waits for when a hold is written: id, hash, merge and index, no disk. */
export const benchmark: Benchmark = {
  name: 'storage/append: a record into the merged state',
  opsPerRun: subjects.length,
  baseline: {
    name: 'JSON text into a Map',
    run: () => {
      for (const subject of subjects) plain.set(subject, JSON.stringify({ subject, body }))
    },
  },
  candidate: {
    name: 'append',
    run: () => {
      for (const subject of subjects) log.append({ kind: 'hold', subject, rank: 'machine', expiresAtMs: null, body })
    },
  },
}
