import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Fresh folders that leave together. */
export function createFolders(): { readonly make: () => string; readonly removeAll: () => void } {
  const made: string[] = []
  return {
    make: () => {
      const folder = mkdtempSync(join(tmpdir(), 'thymus-test-'))
      made.push(folder)
      return folder
    },
    removeAll: () => {
      for (const folder of made) rmSync(folder, { recursive: true, force: true })
    },
  }
}
