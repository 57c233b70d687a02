/** A record as a store sees it: the key of its slot and its text. A store never looks inside. */
export type StoredRecord = { readonly key: string; readonly text: string }

/** Where records outlive the process. Three implementations, one contract suite. */
export type RecordStore = {
  /** Everything that is kept, unchecked. */
  readonly load: () => Promise<StoredRecord[]>
  /** Keeps records, each in the place of what its key held. Resolves when they would survive the end of the process. */
  readonly write: (records: readonly StoredRecord[]) => Promise<void>
  readonly erase: (keys: readonly string[]) => Promise<void>
  /** Ends; later calls reject. */
  readonly close: () => Promise<void>
}

/** A store that other nodes write to as well. Every call rejects while it is out of reach. */
export type SharedStore = RecordStore & {
  /** Calls back when the line comes up or goes down; at most once for each change. */
  readonly onLine: (listener: (isUp: boolean, detail: string) => void) => void
  /** Calls back when another node has written: a hint, which may get lost. */
  readonly onHint: (listener: () => void) => void
  /** Skips the tail: what is written after this call comes up in `tail`. */
  readonly seek: () => Promise<void>
  /** Texts that others wrote since the last call, oldest first, and how many records the store holds. */
  readonly tail: () => Promise<{ readonly texts: readonly string[]; readonly count: number }>
  /** Makes this node's digest known; returns those of the nodes that were heard of lately. */
  readonly exchange: (digest: string) => Promise<ReadonlyMap<string, string>>
}

/** Keeps nothing beyond the process: for the library, tests and replays. */
export function createProcessStore(): RecordStore {
  const texts = new Map<string, string>()
  let isClosed = false
  const check = async (): Promise<void> => {
    if (isClosed) throw new Error('the store is closed')
  }
  return {
    load: async () => {
      await check()
      return Array.from(texts, ([key, text]) => ({ key, text }))
    },
    write: async (records) => {
      await check()
      for (const { key, text } of records) texts.set(key, text)
    },
    erase: async (keys) => {
      await check()
      for (const key of keys) texts.delete(key)
    },
    close: async () => {
      isClosed = true
    },
  }
}
