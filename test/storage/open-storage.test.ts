import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { type ConfigInput, configSchema } from '../../src/config/schema.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ThymusEvent } from '../../src/core/events.ts'
import { createRecordLog } from '../../src/storage/create-record-log.ts'
import { createMemoryStorage, type Storage } from '../../src/storage/memory-storage.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { openSqliteStore } from '../../src/storage/sqlite-store.ts'
import { createFolders } from './folders.ts'
import { startNode } from './node-process.ts'
import { draftWith } from './records.ts'
import { freePort, until } from './redis-server.ts'

const folders = createFolders()
afterAll(folders.removeAll)

type Opening = { events?: ThymusEvent[]; nodeId?: string; redis?: ConfigInput['redis'] }

function open(dataDir: string, { events = [], nodeId, redis = {} }: Opening = {}): Promise<Storage> {
  const config = configSchema.parse({ dataDir, redis })
  const emit = (event: ThymusEvent): void => void events.push(event)
  return openStorage({ config, clock: systemClock, emit, ...(nodeId === undefined ? {} : { nodeId }) })
}

describe('the storage of a node', () => {
  it('keeps records, snapshots and its name over a restart', async () => {
    const folder = join(folders.make(), 'deep', 'data')
    const first = await open(folder)
    expect(await first.snapshots.load('profiles')).toBeUndefined()
    const record = first.records.append(draftWith())
    await first.snapshots.save('profiles', Uint8Array.of(0, 1, 255))
    await first.snapshots.save('profiles', Uint8Array.of(7, 0, 9))
    await first.close()
    const second = await open(folder)
    expect(second.nodeId).toBe(first.nodeId)
    expect(second.records.list('hold')).toEqual([record])
    expect(await second.snapshots.load('profiles')).toEqual(Uint8Array.of(7, 0, 9))
    await second.close()
    const third = await open(folder, { nodeId: 'edge-7' })
    expect(third.records.append(draftWith()).origin).toBe('edge-7')
    await third.close()
  })

  it('refuses a folder that another one holds, and takes it after that one is gone', async () => {
    const folder = folders.make()
    const first = await open(folder)
    await expect(open(folder)).rejects.toMatchObject({
      code: 'THY_DATA_DIR',
      message: `The data folder ${folder} is in use by another Thymus process (process ${process.pid}).`,
    })
    await first.close()
    const second = await open(folder)
    await second.close()
  })

  it('refuses a folder that another process holds, and takes it after that one was killed', async () => {
    const folder = folders.make()
    const node = await startNode(folder)
    await expect(open(folder)).rejects.toMatchObject({ code: 'THY_DATA_DIR' })
    await expect(startNode(folder)).rejects.toThrow('is in use by another Thymus process')
    await node.kill()
    const after = await open(folder)
    expect(after.nodeId).toBe(node.nodeId)
    await after.close()
  })

  it('loses no record whose flush resolved when the process is killed', async () => {
    const folder = folders.make()
    const node = await startNode(folder)
    const kept: string[] = []
    for (let index = 0; index < 2_000; index += 1) {
      const subject = `client-${index}`
      void node.ask({ kind: 'append', subject }).then(() => kept.push(subject))
    }
    await until(() => kept.length >= 50)
    await node.kill()
    const after = await open(folder)
    const found = new Set(after.records.list('hold').map((record) => record.subject))
    expect(kept.filter((subject) => !found.has(subject))).toEqual([])
    expect(kept.length).toBeGreaterThanOrEqual(50)
    await after.close()
  })

  it('says what is wrong with a folder that cannot be used', async () => {
    const folder = folders.make()
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(open(join(file, 'data'))).rejects.toMatchObject({ code: 'THY_DATA_DIR', exitCode: 2 })
    await expect(open(file)).rejects.toMatchObject({ code: 'THY_DATA_DIR' })
    writeFileSync(
      join(folder, 'thymus.db'),
      'this is no database, though it is long enough to look like one'.repeat(99),
    )
    await expect(open(folder)).rejects.toMatchObject({
      code: 'THY_STORE',
      message: `The record store ${join(folder, 'thymus.db')} cannot be opened: file is not a database.`,
    })
    await expect(open(folders.make(), { nodeId: 'no blanks' })).rejects.toMatchObject({ code: 'THY_OPTION' })
  })

  it('leaves the folder free when the start failed', async () => {
    const folder = folders.make()
    writeFileSync(join(folder, 'thymus.db'), 'x'.repeat(9_000))
    await expect(open(folder)).rejects.toMatchObject({ code: 'THY_STORE' })
    await expect(open(folder)).rejects.toMatchObject({ code: 'THY_STORE' })
  })

  it('goes on when the disk is full, says so, and keeps what it could not write in line', async () => {
    const path = join(folders.make(), 'full.db')
    const small = await openSqliteStore(path, 20 * 4_096)
    const faults: string[] = []
    const onFault = (message: string): void => void faults.push(message)
    const log = createRecordLog({ nodeId: 'node-a', clock: systemClock, store: small, onFault })
    const body = { text: 'x'.repeat(3_000) }
    for (let index = 0; index < 100; index += 1) log.append(draftWith({ subject: `client-${index}`, body }))
    await expect(log.flush()).rejects.toMatchObject({ code: 'THY_STORE' })
    expect(faults[0]).toContain('full')
    expect(log.list('hold')).toHaveLength(100)
    expect(log.stats().waiting).toBe(100)
    await log.close()
    const roomy = await openSqliteStore(path)
    expect(await roomy.load()).toEqual([])
    await roomy.close()
  })

  it('starts without Redis, says so, and keeps the password out of what it says', async () => {
    const events: ThymusEvent[] = []
    const port = await freePort()
    const storage = await open(folders.make(), { events, redis: { url: `redis://user:hidden@127.0.0.1:${port}` } })
    storage.records.append(draftWith())
    await storage.records.flush()
    await storage.snapshots.save('profiles', Uint8Array.of(1))
    await storage.close()
    expect(events).toEqual([
      { kind: 'store', state: 'disconnected', detail: `127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}` },
    ])
  })

  it('ends its process by itself after it was closed', async () => {
    const node = await startNode(folders.make(), `redis://127.0.0.1:${await freePort()}`)
    expect(await node.close()).toBe(0)
  })

  it('has a form that leaves nothing on disk', async () => {
    const folder = folders.make()
    const storage = createMemoryStorage({ nodeId: 'node-a', clock: systemClock })
    storage.records.append(draftWith())
    const content = Uint8Array.of(1, 2)
    await storage.snapshots.save('profiles', content)
    content[0] = 9
    expect(await storage.snapshots.load('profiles')).toEqual(Uint8Array.of(1, 2))
    await storage.records.flush()
    await storage.close()
    expect(readdirSync(folder)).toEqual([])
  })
})
