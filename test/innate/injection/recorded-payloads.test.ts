import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { detectSqlInjection } from '../../../src/innate/injection/detect-sql-injection.ts'
import { detectXss } from '../../../src/innate/injection/detect-xss.ts'

/** Third-party records are no part of the repository; they are read where they lie beside it. */
const folder = join(import.meta.dirname, '../../../../shared/data')

type Record = { readonly label: string; readonly payload?: string; readonly url?: string }

/** The payload, or else the first parameter of the query. */
function textOf({ payload, url }: Record): string {
  const value = payload ?? new URL(url ?? '', 'http://h').searchParams.values().next().value ?? ''
  return Buffer.from(value).toString('latin1')
}

function textsOf(file: string, label: string): readonly string[] {
  const lines = gunzipSync(readFileSync(join(folder, `${file}.jsonl.gz`)))
    .toString()
    .split('\n')
  const records = lines.filter((line) => line !== '').map((line): Record => JSON.parse(line))
  return [...new Set(records.filter((record) => record.label === label).map(textOf))]
}

/**
 * As measured, rounded to what a small change of the grammar may cost; `scripts/check-injection.py` compares with the
 * reference text by text. Attacks: at least so many; benign: at most so many.
 */
const expected = [
  { file: 'payloads-permissive', label: 'attack', sql: 5450, xss: 2693 },
  { file: 'wcp-malicious-dev', label: 'attack', sql: 87, xss: 3112 },
  { file: 'httpparams-dev', label: 'attack', sql: 7010, xss: 278 },
  { file: 'siteinject-dev', label: 'attack', sql: 247, xss: 384 },
  { file: 'gotestwaf', label: 'attack', sql: 16, xss: 47 },
  { file: 'httpparams-dev', label: 'benign', sql: 0, xss: 0 },
  { file: 'text-benign-dev', label: 'benign', sql: 68, xss: 2 },
]

describe('recorded payloads', () => {
  for (const { file, label, sql, xss } of expected) {
    const title = `of ${file}, ${label}: ${sql} SQL injections, ${xss} scripts`
    it(title, () => {
      if (!existsSync(join(folder, `${file}.jsonl.gz`))) {
        process.stdout.write(`${file}: skipped, there is no shared/data/${file}.jsonl.gz beside the repository\n`)
        return
      }
      const texts = textsOf(file, label)
      const found = {
        sql: texts.filter((text) => detectSqlInjection(text).isInjection).length,
        xss: texts.filter((text) => detectXss(text)).length,
      }
      if (label === 'benign') {
        expect(found.sql).toBeLessThanOrEqual(sql)
        expect(found.xss).toBeLessThanOrEqual(xss)
      } else {
        expect(found.sql).toBeGreaterThanOrEqual(sql)
        expect(found.xss).toBeGreaterThanOrEqual(xss)
      }
    })
  }
})
