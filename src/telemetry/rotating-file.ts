import { type FileHandle, open, rename } from 'node:fs/promises'
import { messageOf } from '../core/errors.ts'

/**
 * Lines appended to a file in batches, behind the caller's back. At `maxBytes` the file moves on:
 *
 *   audit.jsonl -> audit.1.jsonl -> ... -> audit.<keep>.jsonl -> gone
 *
 * Nothing here throws: what cannot be written is counted, and told once until writing works again.
 */
export type RotatingFile = {
  readonly write: (line: string) => void
  /** Resolves when everything written so far is on disk or counted as lost. */
  readonly flush: () => Promise<void>
  readonly close: () => Promise<void>
  readonly lost: () => number
}

export type RotatingFileOptions = {
  readonly path: string
  readonly maxBytes?: number
  /** How many older files stay. */
  readonly keep?: number
  /** Told once per row of failures. */
  readonly onFailure: (message: string) => void
}

/** Lines that wait at most; more than that are lost, so that a full disk does not become a full memory. */
const maxWaiting = 20_000

export function rotatedPath(path: string, number: number): string {
  if (number === 0) return path
  const dot = path.lastIndexOf('.')
  return dot > path.lastIndexOf('/') ? `${path.slice(0, dot)}.${number}${path.slice(dot)}` : `${path}.${number}`
}

export const keptFiles = 5

export function createRotatingFile(options: RotatingFileOptions): RotatingFile {
  const { path, maxBytes = 64 * 1_048_576, keep = keptFiles, onFailure } = options
  let waiting: string[] = []
  let file: { readonly handle: FileHandle; size: number } | undefined
  let draining: Promise<void> | undefined
  let lost = 0
  let isFailing = false

  const append = async (batch: string): Promise<void> => {
    const bytes = Buffer.byteLength(batch)
    file ??= await openFile(path)
    if (file.size > 0 && file.size + bytes > maxBytes) {
      await file.handle.close()
      file = undefined
      await rotate(path, keep)
      file = await openFile(path)
    }
    await file.handle.appendFile(batch)
    file.size += bytes
  }

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeBatch(waiting, maxBytes)
      waiting = waiting.slice(batch.length)
      try {
        await append(batch.join(''))
        isFailing = false
      } catch (thrown) {
        lost += batch.length
        await file?.handle.close().catch(() => undefined)
        file = undefined
        if (!isFailing) onFailure(messageOf(thrown))
        isFailing = true
      }
    }
    draining = undefined
  }

  const flush = async (): Promise<void> => {
    while (draining !== undefined) await draining
  }

  return {
    write: (line) => {
      if (waiting.length >= maxWaiting) {
        lost += 1
        return
      }
      waiting.push(line)
      draining ??= Promise.resolve().then(drain)
    },
    flush,
    close: async () => {
      await flush()
      await file?.handle.close().catch(() => undefined)
      file = undefined
    },
    lost: () => lost,
  }
}

/** The first lines, up to the size of one file; at least one. */
function takeBatch(lines: readonly string[], limit: number): readonly string[] {
  let length = 0
  const end = lines.findIndex((line, index) => {
    length += line.length
    return index > 0 && length > limit
  })
  return end === -1 ? lines : lines.slice(0, end)
}

async function openFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  const handle = await open(path, 'a', 0o600)
  try {
    return { handle, size: (await handle.stat()).size }
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

async function rotate(path: string, keep: number): Promise<void> {
  for (let number = keep - 1; number >= 0; number -= 1) {
    try {
      await rename(rotatedPath(path, number), rotatedPath(path, number + 1))
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown
    }
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}
