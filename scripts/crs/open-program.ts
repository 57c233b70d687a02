import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/core/clock.ts'
import { createRandom } from '../../src/core/random.ts'
import { loadSecLang } from '../../src/innate/seclang/load-seclang.ts'
import type { RuleProgram } from '../../src/innate/seclang/program.ts'
import { createProgramRunner, type ProgramRunner } from '../../src/innate/seclang/run/create-program-runner.ts'

/** Loads the text of a main SecLang file, with all that it includes, ready to run. */
export const openProgram = (rules: string): ProgramRunner => runnerOf(loadProgram(rules))

export const openProgramFile = (path: string): ProgramRunner => runnerOf(loadSecLang([path]))

export function loadProgram(rules: string): RuleProgram {
  const folder = mkdtempSync(join(tmpdir(), 'crs-rules-'))
  const path = join(folder, 'main.conf')
  try {
    writeFileSync(path, rules)
    return loadSecLang([path])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const runnerOf = (program: RuleProgram): ProgramRunner =>
  createProgramRunner(program, { clock: systemClock, random: createRandom(1) })
