import type { Clock } from '../core/clock.ts'
import { createRecordLog, type OpenRecordLog } from './create-record-log.ts'
import type { SnapshotStore } from './record-log.ts'
import { createProcessStore } from './record-store.ts'

/** Everything that outlives a request, behind one door. */
export type Storage = {
  readonly records: OpenRecordLog
  readonly snapshots: SnapshotStore
  readonly nodeId: string
  /** Writes what is in line, lets go of the folder and of Redis. Never rejects. */
  readonly close: () => Promise<void>
}

/** Storage that ends with the process: nothing on disk, nothing shared. */
export function createMemoryStorage({ nodeId, clock }: { nodeId: string; clock: Clock }): Storage {
  const records = createRecordLog({ nodeId, clock, store: createProcessStore() })
  const contents = new Map<string, Uint8Array>()
  return {
    records,
    nodeId,
    snapshots: {
      load: async (name) => contents.get(name)?.slice(),
      save: async (name, content) => {
        contents.set(name, content.slice())
      },
    },
    close: records.close,
  }
}
