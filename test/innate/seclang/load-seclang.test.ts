import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ThymusError } from '../../../src/core/errors.ts'
import { loadSecLang, parseSecLang } from '../../../src/innate/seclang/load-seclang.ts'
import { sourceOf } from './rule-texts.ts'

const idsOf = (program: { readonly rules: readonly { readonly id: string }[] }): readonly string[] =>
  program.rules.map(({ id }) => id)

function faultOf(load: () => unknown): string {
  try {
    load()
  } catch (thrown) {
    if (thrown instanceof ThymusError && thrown.code === 'THY_RULE') return thrown.message
    throw thrown
  }
  throw new Error('accepted')
}

describe('rule files that include others', () => {
  const files = {
    'rules/b.conf': 'SecAction "id:3"',
    'rules/a.conf': 'SecAction "id:2"\nInclude deep/*.conf',
    'rules/deep/z.conf': 'SecAction "id:4"',
    'rules/deep/y.conf': 'SecAction "id:5"',
    'rules/bad.text': '\nSecAction "id:6,foo"',
  }
  const load = (text: string): ReturnType<typeof parseSecLang> =>
    parseSecLang(text, 'main.conf', { source: sourceOf(files) })

  it('reads them in their place, globs in name order, paths from the file that includes', () => {
    const program = load('SecAction "id:1"\nInclude rules/*.conf\nSecAction "id:9"')
    expect(idsOf(program)).toEqual(['1', '2', '5', '4', '3', '9'])
    expect(program.rules.map(({ file, line }) => `${file}:${line}`)[2]).toBe('rules/deep/y.conf:1')
  })

  it('refuses Include of what is not there, and lets IncludeOptional pass', () => {
    expect(faultOf(() => load('\nInclude none.conf'))).toBe('main.conf:2: Include none.conf: there is no such file')
    expect(faultOf(() => load('include none/*.conf'))).toContain('there is no such file')
    expect(idsOf(load('IncludeOptional none/*.conf\nSecAction "id:1"'))).toEqual(['1'])
    expect(faultOf(() => load('Include'))).toBe('main.conf:1: Include takes one path')
  })

  it('names the included file in a fault', () => {
    expect(faultOf(() => load('Include rules/bad.text'))).toBe('rules/bad.text:2: rule 6: action foo is not known')
  })

  it('refuses files that include themselves', () => {
    const circle = { 'a.conf': 'Include b.conf', 'b.conf': 'Include a.conf' }
    const fault = faultOf(() => parseSecLang('Include a.conf', 'main.conf', { source: sourceOf(circle) }))
    expect(fault).toContain('nested more than 32 files deep; does it include itself?')
  })

  it('refuses a tree of files that grows without end', () => {
    const wide = { 'a.conf': 'Include a.conf\nInclude a.conf' }
    const fault = faultOf(() => parseSecLang('Include a.conf', 'main.conf', { source: sourceOf(wide) }))
    expect(fault).toContain('nested more than 32 files deep')
    const tree: Record<string, string> = { 'f30.conf': '' }
    for (let level = 0; level < 30; level += 1) tree[`f${level}.conf`] = `Include f${level + 1}.conf\n`.repeat(4)
    const grown = faultOf(() => parseSecLang('Include f0.conf', 'main.conf', { source: sourceOf(tree) }))
    expect(grown).toContain('more than 10000 files are included')
  })
})

describe('loading rule files from disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'thymus-seclang-'))
  beforeAll(() => {
    mkdirSync(join(folder, 'more'))
    writeFileSync(join(folder, 'main.conf'), 'SecAction "id:1"\nInclude more/*.conf\n')
    writeFileSync(join(folder, 'more', '2.conf'), 'SecRule ARGS "@pmFromFile words.data" "id:3"\n')
    writeFileSync(join(folder, 'more', '1.conf'), Buffer.from('SecAction "id:2,msg:\'\xe9\'"\r\n', 'latin1'))
    writeFileSync(join(folder, 'more', 'words.data'), '# words\nalpha\nbeta\n')
    writeFileSync(join(folder, 'missing.conf'), 'SecRule ARGS "@pmFromFile none.data" "id:4"\n')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('reads includes, data files beside their rule file, and bytes as they are', () => {
    const program = loadSecLang([join(folder, 'main.conf')])
    expect(idsOf(program)).toEqual(['1', '2', '3'])
    expect(program.rules[1]?.flow.message).toBe('\xe9')
    const operator = program.rules[2]?.conditions[0].operator
    expect(operator?.test({ text: 'a beta', lower: 'a beta', flags: 0, decodeDepth: 0 })).toBe(true)
    expect(operator?.test({ text: 'words', lower: 'words', flags: 0, decodeDepth: 0 })).toBe(false)
  })

  it('takes globs in the order given', () => {
    const program = loadSecLang([join(folder, 'more', '*.conf')])
    expect(idsOf(program)).toEqual(['2', '3'])
  })

  it('refuses files and data files that are not there, and folders', () => {
    expect(faultOf(() => loadSecLang([join(folder, 'none.conf')]))).toContain('none.conf does not exist')
    expect(faultOf(() => loadSecLang([join(folder, '*.none')]))).toContain('*.none does not exist')
    expect(faultOf(() => loadSecLang([folder]))).toContain('does not exist')
    expect(faultOf(() => loadSecLang([join(folder, 'missing.conf')]))).toMatch(/missing\.conf:1: rule 4: .*none\.data/)
  })
})

/** The Core Rule Set as Debian installs it (package modsecurity-crs). */
const crs = '/usr/share/modsecurity-crs/owasp-crs.load'
const hasCrs = existsSync(crs)

describe('the OWASP Core Rule Set', () => {
  if (!hasCrs) {
    it('is not loaded, because it is not installed', () => {
      process.stdout.write(`CRS: skipped, there is no ${crs}; apt-get install modsecurity-crs\n`)
      expect(existsSync(crs)).toBe(false)
    })
    return
  }

  it('loads whole, with as many rules as ModSecurity counts', () => {
    const program = loadSecLang([crs])
    const isThreeThree = program.rules.some(({ flow }) => flow.version.includes('OWASP_CRS/3.3.4'))
    const counts = program.phases.map((steps) => steps.filter(({ kind }) => kind === 'rule').length)
    const links = program.rules.reduce((sum, { conditions }) => sum + conditions.length, 0)
    const markers = program.phases[0]?.filter(({ kind }) => kind === 'marker').length ?? 0
    // modsec-rules-check of libmodsecurity 3.0.9 counts 914 for 3.3.4: 634 rules and 40 markers in seven phases.
    if (isThreeThree) {
      expect({ rules: program.rules.length, counts, links, markers }).toEqual({
        rules: 634,
        counts: [147, 389, 24, 58, 16],
        links: 800,
        markers: 40,
      })
    }
    expect(new Set(idsOf(program)).size).toBe(program.rules.length)
    expect(program.rules.length).toBeGreaterThan(400)
    expect([...new Set(program.rules.map(({ paranoia }) => paranoia))].sort()).toEqual([1, 2, 3, 4])
    expect(program.notices.length).toBeLessThan(10)
  })
})
