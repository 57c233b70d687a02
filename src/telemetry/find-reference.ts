import { type FileHandle, open } from 'node:fs/promises'
import { ThymusError } from '../core/errors.ts'
import { keptFiles, rotatedPath } from './rotating-file.ts'

/** A line of the audit file, as it was written. */
export type AuditLine = Readonly<Record<string, unknown>>

/**
 * Reads the case of a reference id back from the audit file and the older ones beside it, newest file first. Streams:
 * a large file costs no memory. Throws THY_REFERENCE when no line carries the id.
 */
export async function findReference(auditFile: string, referenceId: string): Promise<AuditLine> {
  for (let number = 0; number <= keptFiles; number += 1) {
    const found = await findIn(rotatedPath(auditFile, number), referenceId)
    if (found !== undefined) return found
  }
  throw new ThymusError(
    'THY_REFERENCE',
    `no finding carries the reference id "${referenceId}" in ${auditFile} or the older files beside it`,
  )
}

async function findIn(path: string, referenceId: string): Promise<AuditLine | undefined> {
  const file = await openIfThere(path)
  if (file === undefined) return undefined
  const needle = JSON.stringify(referenceId)
  try {
    for await (const text of file.readLines()) {
      if (!text.includes(needle)) continue
      const line = parseLine(text)
      if (line?.['thymus.reference_id'] === referenceId) return line
    }
    return undefined
  } finally {
    await file.close()
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw thrown
  }
}

/** A line that a crash cut short is no line. */
function parseLine(text: string): AuditLine | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}
