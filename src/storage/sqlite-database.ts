import { DatabaseSync } from 'node:sqlite'
import type { StoredRecord } from './record-store.ts'

/** What the database can be asked; the answers are of the same place in `DatabaseAnswers`. */
export type DatabaseRequest =
  | { readonly kind: 'load' }
  | { readonly kind: 'write'; readonly records: readonly StoredRecord[] }
  | { readonly kind: 'erase'; readonly keys: readonly string[] }
  | { readonly kind: 'load-snapshot'; readonly name: string }
  | { readonly kind: 'save-snapshot'; readonly name: string; readonly content: Uint8Array }
  | { readonly kind: 'close' }

export type DatabaseAnswer = StoredRecord[] | Uint8Array | undefined

export type SqliteDatabase = { readonly run: (request: DatabaseRequest) => DatabaseAnswer }

export type DatabaseOptions = {
  readonly path: string
  /** Largest size of the file. */
  readonly maxBytes: number
}

const version = 1
const pageBytes = 4_096

/**
 * Opens the file, makes the tables, and answers requests synchronously: to be used off the main thread. Every change is
 * synced to disk before it returns (WAL, FULL).
 */
export function openDatabase({ path, maxBytes }: DatabaseOptions): SqliteDatabase {
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA busy_timeout = 2000; PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL; PRAGMA max_page_count = ${Math.max(16, Math.floor(maxBytes / pageBytes))};`)
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  if (found > version) throw new Error(`it is of version ${found}, this program knows version ${version}`)
  database.exec(`CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS snapshots (name TEXT PRIMARY KEY, content BLOB NOT NULL);
    PRAGMA user_version = ${version};`)
  const upsert = database.prepare(
    'INSERT INTO records (key, text) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text',
  )
  const erase = database.prepare('DELETE FROM records WHERE key = ?')

  function inTransaction(work: () => void): void {
    database.exec('BEGIN IMMEDIATE')
    try {
      work()
      database.exec('COMMIT')
    } catch (thrown) {
      // A full disk may have rolled back already.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw thrown
    }
  }

  return {
    run: (request) => {
      switch (request.kind) {
        case 'load':
          return database.prepare('SELECT key, text FROM records').all().map(storedRecord)
        case 'write':
          return inTransaction(() => {
            for (const { key, text } of request.records) upsert.run(key, text)
          }) as undefined
        case 'erase':
          return inTransaction(() => {
            for (const key of request.keys) erase.run(key)
          }) as undefined
        case 'load-snapshot':
          return bytesOf(
            database.prepare('SELECT content FROM snapshots WHERE name = ?').get(request.name)?.['content'],
          )
        case 'save-snapshot':
          database
            .prepare('INSERT OR REPLACE INTO snapshots (name, content) VALUES (?, ?)')
            .run(request.name, request.content)
          return undefined
        case 'close':
          database.close()
          return undefined
      }
    },
  }
}

function storedRecord(row: Readonly<Record<string, unknown>>): StoredRecord {
  return { key: String(row['key']), text: String(row['text']) }
}

function bytesOf(value: unknown): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}
