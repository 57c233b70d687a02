import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createManualClock } from '../../src/core/clock.ts'
import { createRecordLog } from '../../src/storage/create-record-log.ts'
import type { RecordStore } from '../../src/storage/record-store.ts'
import { draftWith } from './records.ts'

export type StoreUnderTest = {
  /** Opens the store of this name; the same name is the same store. */
  readonly open: (name: string) => Promise<RecordStore>
  /** Ends the store as a restart does, so that `open` reads what was kept. `undefined`: nothing is kept. */
  readonly reopen: ((store: RecordStore, name: string) => Promise<RecordStore>) | undefined
  readonly end: () => Promise<void>
}

/** What every record store does. Run by each implementation. */
export function describeStoreContract(name: string, prepare: () => Promise<StoreUnderTest>): void {
  describe(`the ${name} store`, () => {
    let under: StoreUnderTest
    let store: RecordStore
    let storeName = ''
    let count = 0
    const prepared = prepare()

    beforeEach(async () => {
      under = await prepared
      count += 1
      storeName = `store-${count}`
      store = await under.open(storeName)
    })
    afterAll(async () => (await prepared).end())

    const sorted = async (): Promise<string[]> => (await store.load()).map(({ key, text }) => `${key}=${text}`).sort()

    it('is empty at first', async () => {
      expect(await store.load()).toEqual([])
      await store.close()
    })

    it('gives back what was written, the last text of each key', async () => {
      await store.write([
        { key: 'a', text: '1' },
        { key: 'b', text: '{"x":"é\\u0000\'"}' },
      ])
      await store.write([{ key: 'a', text: '2' }])
      expect(await sorted()).toEqual(['a=2', 'b={"x":"é\\u0000\'"}'])
      await store.close()
    })

    it('takes nothing to write and nothing to erase', async () => {
      await store.write([])
      await store.erase([])
      await store.erase(['unknown'])
      expect(await store.load()).toEqual([])
      await store.close()
    })

    it('erases by key', async () => {
      await store.write([
        { key: 'a', text: '1' },
        { key: 'b', text: '2' },
      ])
      await store.erase(['a', 'unknown'])
      expect(await sorted()).toEqual(['b=2'])
      await store.close()
    })

    it('holds thousands of records of the largest size', async () => {
      const text = 'x'.repeat(5_000)
      const records = Array.from({ length: 2_500 }, (_, index) => ({ key: `key-${index}`, text }))
      await store.write(records)
      expect(new Set((await store.load()).map(({ key }) => key)).size).toBe(2_500)
      await store.close()
    })

    it('refuses work after it was closed, and closes twice without complaint', async () => {
      await store.close()
      await store.close()
      await expect(store.write([{ key: 'a', text: '1' }])).rejects.toThrow()
    })

    it('carries a record log over a restart as far as it keeps anything', async () => {
      const clock = createManualClock(5_000)
      const log = createRecordLog({ nodeId: 'node-a', clock, store })
      log.append(draftWith({ body: { step: 1 } }))
      const last = log.append(draftWith({ body: { step: 2 } }))
      const gone = log.append(draftWith({ subject: 'gone' }))
      log.revoke(gone.id, 'person')
      await log.flush()
      const digest = log.digest()
      if (under.reopen === undefined) {
        expect(await store.load()).toHaveLength(3)
        await log.close()
        return
      }
      await log.close()
      store = await under.reopen(store, storeName)
      const again = createRecordLog({ nodeId: 'node-a', clock, store, initial: await store.load() })
      expect(again.digest()).toBe(digest)
      expect(again.list('hold')).toEqual([last])
      expect(again.append(draftWith()).clock).toEqual([5_000, 4])
      await again.close()
    })
  })
}
