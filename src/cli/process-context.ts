import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { systemClock } from '../core/clock.ts'
import type { CommandContext } from './context.ts'
import type { Parts } from './parts.ts'

/** The context of a real call: this process, its streams, its signals. */
export function createProcessContext(parts: Parts): CommandContext {
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    version: ownVersion(),
    nodeVersion: process.version,
    clock: systemClock,
    askSecret: process.stdin.isTTY ? askSecret : undefined,
    onSignal: (signal, listener) => {
      process.on(signal, listener)
      return () => process.off(signal, listener)
    },
    parts,
  }
}

/** `src` and `dist` are equally deep, so the manifest is found from both. */
function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const { version } = manifest as { readonly version?: unknown }
  return typeof version === 'string' ? version : 'unknown'
}

/** The question goes to stderr, so that stdout holds only the answer of the command; what is typed goes nowhere. */
async function askSecret(question: string): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
