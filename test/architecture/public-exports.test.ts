import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { publicEntries } from './import-table.ts'
import { readSource, root } from './source-files.ts'

/** Names, types included, that people may rely on. A change here is a change of the public interface. */
const pinned: Record<string, string[]> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'public-exports.json'), 'utf8'),
)

describe('the public exports', () => {
  it('are pinned for every entry', () => expect(Object.keys(pinned).sort()).toEqual(Object.keys(publicEntries).sort()))

  for (const [entry, path] of Object.entries(publicEntries)) {
    it(`of ${entry} are exactly those of the list`, async () => {
      expect(readSource(path).module.exports).toEqual(pinned[entry])
      const values = Object.keys(await import(join(root, path)))
      expect(pinned[entry]).toEqual(expect.arrayContaining(values))
      expect(values.length).toBeGreaterThan(0)
    })
  }
})
