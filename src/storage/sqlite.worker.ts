import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../core/errors.ts'
import { type DatabaseOptions, type DatabaseRequest, openDatabase, type SqliteDatabase } from './sqlite-database.ts'

// Runs the database off the main thread: a busy disk delays answers, never requests.
let database: SqliteDatabase | undefined

parentPort?.on('message', ({ id, request }: { id: number; request: DatabaseRequest }) => {
  try {
    database ??= openDatabase(workerData as DatabaseOptions)
    parentPort?.postMessage({ id, answer: database.run(request) })
    if (request.kind === 'close') parentPort?.close()
  } catch (thrown) {
    parentPort?.postMessage({ id, fault: messageOf(thrown) })
  }
})
