import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Call } from './context.ts'

/**
 * Settings of a demo with a data folder of its own that goes away with it: what the demo learns must never count for a
 * real API, and each demo has to begin with nothing. A folder that is named on the command line is kept.
 */
export async function withDemoFolder<T>(
  call: Call,
  loaded: LoadedConfig,
  use: (loaded: LoadedConfig) => Promise<T>,
): Promise<T> {
  if (call.has('data-dir')) return use(loaded)
  const dataDir = await mkdtemp(join(tmpdir(), 'thymus-demo-'))
  try {
    return await use({ ...loaded, config: { ...loaded.config, dataDir } })
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
