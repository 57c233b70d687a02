// One process at a time: a lock folder that survives nothing. It must not be used for anything that a server does.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

const heartbeatMs = 2_000
/** A holder on another machine, or one whose process id was given away again, is dead after this silence. */
const silenceMs = 60_000
const pollMs = 200

/**
 * Runs `work` while no other process does, and gives back what it returns. `onWait` is called once if there is
 * somebody to wait for. `work` gets a function that notes the process it started: while that one lives the lock holds,
 * even when its parent was killed.
 */
export async function exclusively(lock, work, onWait) {
  await acquire(lock, onWait)
  const beat = setInterval(() => touch(lock), heartbeatMs)
  const release = () => {
    if (readOwner(lock)?.pid === process.pid) rmSync(lock, { recursive: true, force: true })
  }
  process.once('exit', release)
  try {
    return await work((child) => writeOwner(lock, child))
  } finally {
    clearInterval(beat)
    process.removeListener('exit', release)
    release()
  }
}

async function acquire(lock, onWait) {
  mkdirSync(dirname(lock), { recursive: true })
  let hasWaited = false
  while (!tryAcquire(lock)) {
    if (isStale(lock)) sweep(lock)
    else {
      if (!hasWaited) onWait()
      hasWaited = true
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  }
}

/** Renaming a filled folder onto another filled folder fails, so the lock appears at once with its owner in it. */
function tryAcquire(lock) {
  const draft = `${lock}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  writeOwner(draft)
  try {
    renameSync(draft, lock)
    return true
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Windows says EPERM. The lock may be gone again by now: then the next try gets it.
    if (['ENOTEMPTY', 'EEXIST'].includes(error.code) || (error.code === 'EPERM' && exists(lock))) return false
    throw error
  }
}

/** True when the owner is gone. A lock that vanished meanwhile is not stale, just free. */
function isStale(lock) {
  const owner = readOwner(lock)
  if (owner === undefined) return exists(lock) && silenceOf(lock) > silenceMs
  if (owner.host === hostname() && ![owner.pid, owner.child].some(isAlive)) return true
  return silenceOf(lock) > silenceMs
}

/** Only one process may take a stale lock away, or the second would take away the new one of the first. */
function sweep(lock) {
  const broom = `${lock}.sweep`
  try {
    mkdirSync(broom)
  } catch {
    if (silenceOf(broom) > silenceMs) rmSync(broom, { recursive: true, force: true })
    return
  }
  try {
    if (isStale(lock)) rmSync(lock, { recursive: true, force: true })
  } finally {
    rmSync(broom, { recursive: true, force: true })
  }
}

function readOwner(lock) {
  try {
    return JSON.parse(readFileSync(join(lock, 'owner.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/** Written beside and renamed, so that nobody reads half of it. */
function writeOwner(folder, child) {
  const draft = join(folder, `owner.${process.pid}`)
  writeFileSync(draft, JSON.stringify({ pid: process.pid, child, host: hostname() }))
  renameSync(draft, join(folder, 'owner.json'))
}

function isAlive(pid) {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function silenceOf(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs
}

function touch(path) {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // Swept away by somebody who thought us dead: the work goes on, and both end with the same stamps.
  }
}
