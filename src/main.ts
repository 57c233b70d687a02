import { offlineParts } from './cli/bound-parts.ts'
import { createProcessContext } from './cli/process-context.ts'
import { run } from './cli/run.ts'
import { startDemo } from './cli/start-demo.ts'
import { openGateway } from './cli/start-gateway.ts'

/** The `thymus` command: the arguments of this process in, its exit code out. */
export async function main(): Promise<void> {
  const { env } = process
  const context = createProcessContext({
    ...offlineParts,
    startGateway: (loaded, io) => openGateway(loaded.config, { ...io, env }),
    startDemo: (loaded, io) => startDemo(loaded.config, { ...io, env }),
  })
  const code = await run(process.argv.slice(2), context)
  await flushed(process.stdout)
  await flushed(process.stderr)
  // Something that was left open must not keep a finished command alive.
  process.exit(code)
}

/** Pipes take text in the background; an exit before they have it would cut the answer short. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0) resolve()
    else stream.write('', () => resolve())
  })
}
