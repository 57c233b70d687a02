import { describe, expect, it } from '@jest/globals'
import { scanModule } from './module-scanner.ts'
import * as rules from './rules.ts'
import type { SourceFile } from './source-files.ts'

const file = (path: string, text: string): SourceFile => ({ path, text, module: scanModule(text) })

/** A breach and a file like it that is fine, per rule: a rule that cannot fail watches nothing. */
const cases: readonly {
  readonly rule: string
  readonly check: (files: readonly SourceFile[]) => readonly string[]
  readonly bad: readonly SourceFile[]
  readonly good: readonly SourceFile[]
}[] = [
  {
    rule: 'a room imports only what the table allows',
    check: rules.findRoomBreaches,
    bad: [
      file('src/core/a.ts', `import { b } from '../config/b.ts'`),
      file('src/innate/a.ts', `import type { B } from '../adaptive/b.ts'`),
      file('src/demo/a.ts', `import { b } from '../app.ts'`),
      file('src/engine/a.ts', `import { b } from '../../scripts/b.ts'`),
      file('src/engine/b.ts', `import { app } from '../app.ts'`),
      file('src/admin/api.ts', `import { b } from './dashboard/b.ts'`),
      file('src/admin/dashboard/a.ts', `import { b } from '../schemas.ts'`),
    ],
    good: [
      file('src/memory/a.ts', `import { b } from '../request/b.ts'`),
      file('src/memory/a.ts', `import { b } from './deep/b.ts'`),
      file('src/app.ts', `import { b } from './adaptive/b.ts'`),
      file('src/cli/start.ts', `import { b } from '../app.ts'`),
      file('src/demo/a.ts', `import { b } from '../index.ts'`),
      file('src/admin/dashboard/a.ts', `import type { b } from '../schemas.ts'`),
    ],
  },
  {
    rule: 'a relative import has its ending',
    check: rules.findEndingBreaches,
    bad: [file('src/core/a.ts', `import { b } from './b'`)],
    good: [file('src/core/a.ts', `import { b } from './b.ts'`)],
  },
  {
    rule: 'a vendor stays at home',
    check: rules.findVendorBreaches,
    bad: [
      file('src/engine/a.ts', `import { Redis } from 'ioredis'`),
      file('src/adaptive/a.ts', `import * as tf from '@tensorflow/tfjs-core'`),
      file('src/core/a.ts', `import { join } from 'node:path'`),
      file('src/http/a.ts', `import { z } from 'zod/v4'`),
      file('src/http/a.ts', `import lodash from 'lodash'`),
    ],
    good: [
      file('src/storage/a.ts', `import { Redis } from 'ioredis'`),
      file('src/adaptive/training/a.ts', `import * as tf from '@tensorflow/tfjs-core'`),
      file('src/http/a.ts', `import { join } from 'node:path'`),
      file('src/config/a.ts', `import { z } from 'zod'`),
    ],
  },
  {
    rule: 'no import leads back',
    check: rules.findCycles,
    bad: [
      file('src/a/a.ts', `import { b } from './b.ts'`),
      file('src/a/b.ts', `import { c } from '../c/c.ts'`),
      file('src/c/c.ts', `import type { A } from '../a/a.ts'`),
    ],
    good: [
      file('src/a/a.ts', `import { b } from './b.ts'\nimport { c } from './c.ts'`),
      file('src/a/b.ts', `import { c } from './c.ts'`),
      file('src/a/c.ts', ''),
    ],
  },
  {
    rule: 'only entries pass things on',
    check: rules.findBarrels,
    bad: [
      file('src/core/index.ts', `export { a } from './a.ts'\nexport type {\n  B,\n} from './b.ts'`),
      file('src/core/all.ts', `export * from './a.ts'\nexport const b = 1`),
    ],
    good: [
      file('src/index.ts', `export { a } from './core/a.ts'`),
      file('src/core/a.ts', 'export const a = 1'),
      file('src/core/b.ts', `export type { A } from './a.ts'\nexport const b = 1`),
    ],
  },
  {
    rule: 'nothing is exported by default',
    check: rules.findDefaultExports,
    bad: [file('src/core/a.ts', 'export default class A {}')],
    good: [file('src/core/a.ts', 'export class A {}'), file('x/vite.config.ts', 'export default {}')],
  },
  {
    rule: 'types are not given up',
    check: rules.findForbiddenCode,
    bad: [
      file('src/a.ts', 'const a: any = 1'),
      file('src/a.ts', 'const a = b as any'),
      file('src/a.ts', 'let a: Map<string, any>'),
      file('src/a.ts', 'const a = b!.c'),
      file('src/a.ts', 'const a = b[0]!'),
      file('src/a.ts', 'call(b()!)'),
    ],
    good: [
      file('src/a.ts', `const a = 'any' // any`),
      file('src/a.ts', 'if (a !== b && !c) return !d'),
      file('src/a.ts', 'const a = { any: 1 }'),
      file('src/a.ts', 'return AbortSignal.any([a])'),
    ],
  },
  {
    rule: 'no note is left over',
    check: rules.findForbiddenNotes,
    bad: [file('src/a.ts', `// ${'TO'}${'DO'}: later`), file('src/a.ts', `// @ts-${'ignore'}`)],
    good: [file('src/a.ts', '// done')],
  },
  {
    rule: 'a file is not long',
    check: rules.findLongFiles,
    bad: [file('src/a.ts', 'x\n'.repeat(301))],
    good: [file('src/a.ts', 'x\n'.repeat(300))],
  },
  {
    rule: 'time and chance are injected',
    check: rules.findAmbientTime,
    bad: [file('src/engine/a.ts', 'const now = Date.now()'), file('src/engine/b.ts', 'const dice = Math.random')],
    good: [file('src/core/clock.ts', 'Date.now()'), file('src/engine/a.ts', 'const now = clock.now()')],
  },
  {
    rule: 'a room introduces itself',
    check: rules.findUnintroducedRooms,
    bad: [file('src/engine/a.ts', '// What it is for.\nconst a = 1')],
    good: [file('src/engine/a.ts', '// What it is for.\n// It must not do that.\nconst a = 1')],
  },
]

describe('the rules of the architecture', () => {
  for (const { rule, check, bad, good } of cases) {
    it(`finds the breach: ${rule}`, () => {
      const isCycle = check === rules.findCycles
      if (isCycle) expect(check(bad)).toEqual(['src/a/a.ts -> src/a/b.ts -> src/c/c.ts -> src/a/a.ts'])
      else for (const breach of bad) expect([breach.text, check([breach])]).toEqual([breach.text, [expect.any(String)]])
      if (isCycle) expect(check(good)).toEqual([])
      else for (const fine of good) expect([fine.text, check([fine])]).toEqual([fine.text, []])
    })
  }

  it('knows vague names', () => {
    expect(rules.findVagueNames(['src/core/utils.ts', 'src/common/a.ts', 'src/core/clock.ts'])).toHaveLength(2)
  })

  it('has a breach for each of eleven rules', () => expect(cases).toHaveLength(11))
})
