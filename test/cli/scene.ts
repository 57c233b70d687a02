import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { offlineParts } from '../../src/cli/bound-parts.ts'
import type { CommandContext, StopSignal } from '../../src/cli/context.ts'
import type { Parts } from '../../src/cli/parts.ts'
import { run } from '../../src/cli/run.ts'
import { createManualClock } from '../../src/core/clock.ts'

export type Outcome = { readonly code: number; readonly out: string; readonly err: string }

const refuse = (name: string) => async (): Promise<never> => {
  throw new Error(`the test did not expect ${name}`)
}

/** A folder, captured streams and signals: everything a command line needs, without a process. */
export function createScene(parts: Partial<Parts> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'thymus-cli-'))
  const listeners = new Map<StopSignal, Set<() => void>>()
  const env: Record<string, string> = {}
  let out = ''
  let err = ''
  const context: CommandContext = {
    stdout: (text) => {
      out += text
    },
    stderr: (text) => {
      err += text
    },
    env,
    cwd,
    version: '1.2.3',
    nodeVersion: process.version,
    clock: createManualClock(1_700_000_000_000),
    askSecret: undefined,
    onSignal: (signal, listener) => {
      const known = listeners.get(signal) ?? new Set()
      listeners.set(signal, known.add(listener))
      return () => known.delete(listener)
    },
    parts: { ...offlineParts, startGateway: refuse('a gateway'), startDemo: refuse('a demo'), ...parts },
  }
  return {
    cwd,
    env,
    context,
    listening: (signal: StopSignal) => listeners.get(signal)?.size ?? 0,
    signal: (signal: StopSignal) => {
      for (const listener of listeners.get(signal) ?? []) listener()
    },
    write: (name: string, text: string): string => {
      const file = join(cwd, name)
      writeFileSync(file, text)
      return file
    },
    /** What was printed so far, for commands that go on. */
    printed: () => out,
    run: async (...args: readonly string[]): Promise<Outcome> => {
      out = ''
      err = ''
      const code = await run(args, context)
      return { code, out, err }
    },
    remove: () => rmSync(cwd, { recursive: true, force: true }),
  }
}
