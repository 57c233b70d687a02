// The whole run: upstream, gateway, program, tests.
import { type BackendStyle, startBackend } from './backend.ts'
import type { CrsTest } from './ftw-format.ts'
import { startNginxSurface } from './nginx-surface.ts'
import { engineDirectives, findRuleSet, mainFile, testDirectives } from './rule-set.ts'
import { type ConformanceReport, reportOf, runTests } from './run-tests.ts'
import { startThymusSurface } from './thymus-surface.ts'

export type { ConformanceReport } from './run-tests.ts'

export type ConformanceOptions = {
  /** Text of the main SecLang file; `conformanceRules` makes it for a rule set. */
  readonly rules: string
  readonly tests: readonly CrsTest[]
  /** Asks nginx with ModSecurity in place of Thymus. */
  readonly isReference?: boolean
  readonly backend?: BackendStyle
}

/** Silence after which a request counts as unanswered; some tests wait for it. */
const silenceMs = 400

export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { rules, tests, isReference = false } = options
  const backend = await startBackend(options.backend ?? styleFor(tests))
  const start = isReference ? startNginxSurface : startThymusSurface
  try {
    const surface = await start({ rules, backendPort: backend.port, silenceMs })
    try {
      return reportOf(await runTests(tests, surface))
    } finally {
      await surface.close()
    }
  } finally {
    await backend.close()
  }
}

/** A rule set from its folder, set up as its own tests ask for. */
export function conformanceRules(folder: string): string {
  return mainFile(findRuleSet(folder), { engine: engineDirectives, run: testDirectives })
}

/** The upstream that the tests were written for: those of CRS 4 ask `/reflect` for answers. */
function styleFor(tests: readonly CrsTest[]): BackendStyle {
  return tests.some(({ stages }) => stages.some(({ input }) => input.uri.startsWith('/reflect')))
    ? 'reflect'
    : 'httpbin'
}
