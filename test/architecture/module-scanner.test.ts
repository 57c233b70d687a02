import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { scanModule } from './module-scanner.ts'

const specifiersOf = (text: string): string[] => scanModule(text).imports.map((edge) => edge.specifier)

describe('scanModule', () => {
  it('finds every form of import', () => {
    const text = `
import { a } from './a.ts'
import type { B } from "./b.ts"
import {
  c,
  type D,
} from './c.ts'
import './e.ts'
import f, * as g from 'vendor'
export { h } from './h.ts'
export * from './i.ts'
export type { J } from './j.ts'
const k = await import('./k.ts')
const worker = new Worker(new URL('./l.worker.ts', import.meta.url))
const other = new Worker(new URL(\`./m.worker\${ending}\`, import.meta.url))
`
    expect(specifiersOf(text).sort()).toEqual(
      [
        './a.ts',
        './b.ts',
        './c.ts',
        './e.ts',
        './h.ts',
        './i.ts',
        './j.ts',
        './k.ts',
        './l.worker.ts',
        './m.worker.ts',
        'vendor',
      ].sort(),
    )
    const types = scanModule(text).imports.filter((edge) => edge.isType)
    expect(types.map((edge) => edge.specifier).sort()).toEqual(['./b.ts', './j.ts'])
    expect(scanModule(text).imports.find((edge) => edge.specifier === './c.ts')?.line).toBe(7)
  })

  it('is not taken in by comments, strings, templates and regular expressions', () => {
    const cases = [
      `// import { a } from './a.ts'`,
      `/* import { a } from './a.ts' */`,
      `const text = "import { a } from './a.ts'"`,
      "const text = `\nimport { a } from './a.ts'\n`",
      `const pattern = /import { a } from '.\\/a.ts'/`,
      `const page = new URL('./a.ts', base)`,
      `const folder = new URL('../rules/model.json', import.meta.url)`,
      `const page = new URL('https://example.org', import.meta.url)`,
    ]
    for (const text of cases) expect(specifiersOf(text)).toEqual([])
    expect(cases).toHaveLength(8)
  })

  it('goes on after a regular expression that looks like a comment or a quote', () => {
    const cases = [
      `const a = /['"\`]/`,
      'const a = /[/*]/',
      'const a = text.split(/\\/\\*/)',
      'const a = b / c',
      'const a = (b) / 2',
    ]
    for (const text of cases) expect(specifiersOf(`${text}\nimport './x.ts'`)).toEqual(['./x.ts'])
    expect(cases).toHaveLength(5)
  })

  it('names what is exported', () => {
    const text = `
export const a = 1
export async function b(): Promise<void> {}
export type C = { export: string }
export class D {}
const e = 1
export { e, f as g, type H } from './x.ts'
// export const hidden = 1
`
    expect(scanModule(text).exports).toEqual(['C', 'D', 'H', 'a', 'b', 'e', 'g'])
    expect(scanModule('export default 1').exports).toEqual(['default'])
    expect(scanModule(`export * from './x.ts'`).exports).toEqual(['*'])
  })

  it('tells a re-export from an export', () => {
    expect(scanModule(`export { a } from './a.ts'`).hasReExports).toBe(true)
    expect(scanModule(`export * as b from './a.ts'`).hasReExports).toBe(true)
    expect(scanModule(`export {\n  a,\n} from './a.ts'`).hasReExports).toBe(true)
    expect(scanModule(`export const from = 1\nimport { a } from './a.ts'`).hasReExports).toBe(false)
  })

  it('blanks what is not code and keeps the lines', () => {
    const text = `const a = 'any!' // any\nlet b: number /* NOTE\n any */ = 1\n`
    const { code } = scanModule(text)
    expect(code).not.toMatch(/any|NOTE/)
    expect(code.split('\n')).toHaveLength(text.split('\n').length)
    expect(code).toContain('let b: number')
  })

  it('reads the comment that opens a file', () => {
    expect(scanModule('// For this.\n// It must not that.\nimport x from "x"').heading).toBe(
      'For this.\nIt must not that.',
    )
    expect(scanModule('/**\n * For this.\n * Not that.\n */\nconst a = 1').heading).toBe('For this.\nNot that.')
    expect(scanModule('import x from "x"\n// later').heading).toBe('')
  })

  it('reads anything without failing and keeps its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(scanModule(text).code).toHaveLength(text.length)
      }),
    )
    const pieces = fc.constantFrom(
      "'",
      '"',
      '`',
      '/',
      '*',
      '\n',
      '\\',
      'import ',
      'from ',
      'export ',
      '{',
      '}',
      '(',
      'a',
      '[',
      ']',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = parts.join('')
        expect(scanModule(text).uncommented.split('\n')).toHaveLength(text.split('\n').length)
      }),
      { numRuns: 2_000 },
    )
  })
})
