import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { messageOf, ThymusError } from '../core/errors.ts'
import { trafficError } from './traffic-error.ts'

/** Longest line that is read, in bytes: more than twice the largest body in base64 that a record sensibly holds. */
export const maxLineBytes = 64 * 1_048_576

const newline = 10

/** One line without its line break. The bytes are only good until the next line is asked for. */
export type Line = { readonly bytes: Buffer; readonly number: number }

/** The content of a file as a stream, unzipped when it starts with the magic bytes of gzip. */
export async function openContent(file: string): Promise<Readable> {
  const isZipped = await startsLikeGzip(file)
  const source = createReadStream(file, { highWaterMark: 262_144 })
  if (!isZipped) return source
  const unzipped = createGunzip({ chunkSize: 262_144 })
  pipeline(source, unzipped, () => undefined) // a failure reaches the reader through `unzipped`
  return unzipped
}

async function startsLikeGzip(file: string): Promise<boolean> {
  try {
    await using handle = await open(file, 'r')
    const magic = Buffer.alloc(2)
    const { bytesRead } = await handle.read(magic, 0, 2, 0)
    return bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b
  } catch (error) {
    throw new ThymusError('THY_TRAFFIC', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

/** Chunks of a file; a read or unzip failure becomes THY_TRAFFIC. */
export async function* contentChunks(file: string): AsyncGenerator<Buffer> {
  const content = await openContent(file)
  try {
    for await (const chunk of content) yield chunk as Buffer
  } catch (error) {
    if (error instanceof ThymusError) throw error
    throw new ThymusError('THY_TRAFFIC', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
  } finally {
    content.destroy()
  }
}

/** Lines of a file that are not blank. A line beyond `maxBytes` is an error. */
export async function* readLines(file: string, maxBytes = maxLineBytes): AsyncGenerator<Line> {
  let pending: Buffer[] = []
  let pendingBytes = 0
  let number = 1
  for await (const chunk of contentChunks(file)) {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const bytes = joined(pending, chunk.subarray(start, end))
      if (bytes.length > maxBytes) throw tooLong(file, number, maxBytes)
      pending = []
      pendingBytes = 0
      start = end + 1
      if (!isBlank(bytes)) yield { bytes, number }
      number += 1
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start))
      pendingBytes += chunk.length - start
    }
    if (pendingBytes > maxBytes) throw tooLong(file, number, maxBytes)
  }
  const last = joined(pending, Buffer.alloc(0))
  if (!isBlank(last)) yield { bytes: last, number }
}

function joined(pending: readonly Buffer[], rest: Buffer): Buffer {
  return pending.length === 0 ? rest : Buffer.concat([...pending, rest])
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if (byte !== 32 && byte !== 9 && byte !== 13) return false
  }
  return true
}

function tooLong(file: string, line: number, maxBytes: number): ThymusError {
  return trafficError({ file, line }, `the line is longer than ${maxBytes} bytes, expected one record a line`)
}
