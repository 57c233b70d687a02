import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/core/clock.ts'
import { createProcessStore, type RecordStore } from '../../src/storage/record-store.ts'
import { openRedisStore } from '../../src/storage/redis-store.ts'
import { openSqliteStore } from '../../src/storage/sqlite-store.ts'
import { describeStoreContract } from './contract.ts'
import { startRedis } from './redis-server.ts'

describeStoreContract('in-process', async () => ({
  open: async () => createProcessStore(),
  reopen: undefined,
  end: async () => undefined,
}))

describeStoreContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-sqlite-'))
  const open = (name: string): Promise<RecordStore> => openSqliteStore(join(folder, `${name}.db`))
  return {
    open,
    reopen: (_store, name) => open(name),
    end: async () => rmSync(folder, { recursive: true, force: true }),
  }
})

describeStoreContract('Redis', async () => {
  const server = await startRedis()
  const open = async (prefix: string): Promise<RecordStore> => {
    const { store } = openRedisStore({ url: server.url, prefix, nodeId: 'node-a', clock: systemClock })
    await new Promise<void>((resolve) => store.onLine((isUp) => isUp && resolve()))
    return store
  }
  return { open, reopen: (_store, name) => open(name), end: server.stop }
})
