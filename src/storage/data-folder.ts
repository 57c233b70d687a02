import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf, ThymusError } from '../core/errors.ts'

/** The folder of one node, held for as long as the process lives. */
export type DataFolder = {
  readonly path: string
  /** Name of this node: the one given, else the one kept in the folder, else a new one. */
  readonly nodeId: string
  readonly release: () => void
}

/** Made for the owner alone before anybody writes to them; SQLite gives its side files the same mode. */
const privateFiles = ['owner', 'thymus.db']

const nodeIdPattern = /^[\w.-]{1,64}$/

/**
 * Makes the folder and takes it for this process; throws THY_DATA_DIR. The hold is a lock of the operating system on a
 * file of SQLite: it ends with the process however that ends, so nothing stale is left behind, and a process id that was
 * given out again cannot mislead. (It does not reach across machines that mount one network folder.)
 */
export function openDataFolder(dataDir: string, nodeId?: string): DataFolder {
  const path = resolve(dataDir)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw unusable(path, 'it cannot be made', thrown)
  }
  const lock = takeLock(path)
  try {
    for (const name of privateFiles) closeSync(openSync(join(path, name), 'a', 0o600))
    writeFileSync(join(path, 'owner'), `${process.pid}\n`)
    return { path, nodeId: keepNodeId(path, nodeId), release: () => lock.close() }
  } catch (thrown) {
    lock.close()
    throw thrown instanceof ThymusError ? thrown : unusable(path, 'it cannot be written to', thrown)
  }
}

function takeLock(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(path, 'lock'))
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
    return lock
  } catch (thrown) {
    lock?.close()
    if (!messageOf(thrown).includes('locked')) throw unusable(path, 'it cannot be written to', thrown)
    throw new ThymusError(
      'THY_DATA_DIR',
      `The data folder ${path} is in use by another Thymus process${ownerOf(path)}.`,
    )
  }
}

function ownerOf(path: string): string {
  try {
    const pid = Number(readFileSync(join(path, 'owner'), 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? ` (process ${pid})` : ''
  } catch {
    return ''
  }
}

function keepNodeId(path: string, given: string | undefined): string {
  const file = join(path, 'node-id')
  const known = given ?? readNodeId(file)
  if (known === undefined || !nodeIdPattern.test(known)) {
    if (given !== undefined)
      throw new ThymusError('THY_OPTION', `The node id is "${given}", expected ${nodeIdPattern}.`)
    const fresh = `node-${randomBytes(4).toString('hex')}`
    writeNodeId(file, fresh)
    return fresh
  }
  if (given !== undefined) writeNodeId(file, given)
  return known
}

function readNodeId(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Whole or not at all: a crash half way leaves the old one. */
function writeNodeId(file: string, nodeId: string): void {
  writeFileSync(`${file}.new`, `${nodeId}\n`)
  renameSync(`${file}.new`, file)
}

function unusable(path: string, why: string, cause: unknown): ThymusError {
  return new ThymusError('THY_DATA_DIR', `The data folder ${path} cannot be used: ${why} (${messageOf(cause)}).`, {
    cause,
  })
}
