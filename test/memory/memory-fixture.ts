import { configSchema } from '../../src/config/schema.ts'
import { createManualClock, type ManualClock } from '../../src/core/clock.ts'
import type { ThymusEvent } from '../../src/core/events.ts'
import type { Finding } from '../../src/core/finding.ts'
import { createMemory } from '../../src/memory/create-memory.ts'
import { forEachGram } from '../../src/memory/grams.ts'
import type { ConfirmedAttack, Memory, SelfGrams, SelfScreen } from '../../src/memory/memory.ts'
import { forEachPhrase } from '../../src/memory/phrases.ts'
import { createRecordLog, type OpenRecordLog } from '../../src/storage/create-record-log.ts'
import { requestWith } from './requests.ts'

export type LearningSelf = SelfGrams & { readonly learn: (...values: string[]) => void }

/** Self that holds the grams of what it was shown, exactly. */
export function createSelf(...values: string[]): LearningSelf {
  const grams = new Set<number>()
  let size = 0
  const learn = (...more: string[]): void => {
    for (const value of more) {
      forEachGram(value, (hash) => grams.add(hash))
      forEachPhrase(value, (hash) => grams.add(hash))
    }
    size += more.length
  }
  learn(...values)
  return { has: (hash) => grams.has(hash), size: () => size, learn }
}

export type MemoryUnderTest = {
  readonly memory: Memory
  readonly log: OpenRecordLog
  readonly clock: ManualClock
  readonly self: LearningSelf
  readonly events: ThymusEvent[]
  readonly recall: (...values: string[]) => Finding[]
}

type Options = {
  clock?: ManualClock
  self?: LearningSelf
  log?: OpenRecordLog
  origin?: string
  maxCells?: number
  isSelf?: SelfScreen
}

export function createMemoryUnderTest(options: Options = {}): MemoryUnderTest {
  const { clock = createManualClock(1_800_000_000_000), self = createSelf(), origin = 'node-a' } = options
  const events: ThymusEvent[] = []
  const log = options.log ?? createRecordLog({ nodeId: origin, clock })
  const config = configSchema.parse({ memory: { maxCells: options.maxCells ?? 2_000 } }).memory
  const emit = (event: ThymusEvent): void => void events.push(event)
  const memory = createMemory({
    config,
    records: log,
    selfGrams: self,
    clock,
    emit,
    origin,
    isSelf: options.isSelf ?? (() => false),
  })
  const recall = (...values: string[]): Finding[] => {
    const findings: Finding[] = []
    memory.inspect(requestWith(...values), findings)
    return findings
  }
  return { memory, log, clock, self, events, recall }
}

export function attackWith(value: string, family = 'sqli'): ConfirmedAttack {
  return { location: 'query', value, family, referenceId: 'ref-1', confirmedBy: ['innate', 'behaviour'] }
}
