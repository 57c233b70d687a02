import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { documentPath, documents, generate } from '../../scripts/docs.ts'
import { configSchema } from '../../src/config/schema.ts'
import { describeSettings } from '../../src/config/settings.ts'
import { parseYaml } from '../../src/config/yaml-file.ts'
import { errorCodes } from '../../src/core/errors.ts'
import { denySentences } from '../../src/http/write-verdict.ts'

const read = (name: string) => readFileSync(documentPath(name), 'utf8')

describe('the generated documents', () => {
  it('are what `node scripts/docs.ts` would write', () => {
    expect(documents).toHaveLength(2)
    for (const name of documents) expect(read(name)).toBe(generate(read(name)))
  })

  it('would differ if a table were edited by hand', () => {
    const edited = read('CONFIGURATION.md').replace('`8080`', '`8081`')
    expect(generate(edited)).not.toBe(edited)
  })

  it('show every setting once, and no setting that does not exist', () => {
    const shown = [...read('CONFIGURATION.md').matchAll(/^\| `([\w.[\]]+)` \|/gm)].map(([, key]) => key)
    expect(shown.toSorted()).toEqual(
      describeSettings()
        .map(({ key }) => key)
        .toSorted(),
    )
  })

  it('explain every error code and every refusal, and no other', () => {
    const errors = read('ERRORS.md')
    const inTable = [...errors.matchAll(/^\| `(THY_\w+)` \|/gm)].map(([, code]) => code)
    const explained = [...errors.matchAll(/^### (THY_\w+)\n\n[A-Z]/gm)].map(([, code]) => code)
    expect(inTable).toEqual(Object.keys(errorCodes))
    expect(explained).toEqual(Object.keys(errorCodes))
    const refusals = [...errors.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, reason]) => reason)
    expect(refusals).toEqual(Object.keys(denySentences))
  })

  it('hold an example that is a valid configuration', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(read('CONFIGURATION.md')) ?? []
    const parsed = parseYaml(yaml.replace(/\$\{[^}]*-(.*)\}/g, '$1').replace(/\$\{\w+\}/g, 'sixteen-characters'))
    expect(parsed.kind).toBe('file')
    if (parsed.kind === 'file') expect(configSchema.safeParse(parsed.file.value).success).toBe(true)
  })
})
