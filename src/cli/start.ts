import type { LoadedConfig } from '../config/load-config.ts'
import { messageOf } from '../core/errors.ts'
import { positionalsOf } from './arguments.ts'
import type { Call, Command, CommandContext } from './context.ts'
import { withDemoFolder } from './demo-folder.ts'
import type { RunningGateway } from './parts.ts'
import { settingsOf, startOptions } from './settings-options.ts'
import { createStop, type Stop } from './stop.ts'

/** Runs until SIGINT or SIGTERM, drains, and exits 0. SIGHUP reads the configuration again. */
export const startCommand: Command = {
  name: 'start',
  summary: 'Run the gateway in front of an API, or with the bundled demo when no upstream is set.',
  positionals: '',
  options: startOptions,
  notes: ['Example: thymus start --upstream http://127.0.0.1:3000 --mode monitor'],
  run: async (call, context) => {
    positionalsOf(call, [])
    const loaded = await settingsOf(call, context)
    const log = (line: string) => context.stdout(`${line}\n`)
    const stop = createStop(context)
    try {
      if (loaded.config.upstream === null) {
        await withDemoFolder(call, loaded, (settings) => runBundledDemo(settings, context, { stop, log }))
        return 0
      }
      const gateway = await context.parts.startGateway(loaded, { log, signal: stop.signal })
      announce(gateway, log)
      const unsubscribe = context.onSignal('SIGHUP', () => void reload(call, context, gateway))
      await drainAfterStop(gateway, stop.stopped, log)
      unsubscribe()
      return 0
    } finally {
      stop.end()
    }
  },
}

type Scene = { readonly stop: Stop; readonly log: (line: string) => void }

/** People go on using the demo's API after the last step, so that there is something to see in the dashboard. */
async function runBundledDemo(settings: LoadedConfig, context: CommandContext, { stop, log }: Scene): Promise<void> {
  log('No upstream is set, so the bundled demo runs; protect an API with thymus start --upstream URL.')
  const demo = await context.parts.startDemo(settings, { log, signal: stop.signal, isUnattended: false })
  announce(demo, log)
  demo.finished.catch((error: unknown) => {
    if (!stop.signal.aborted) log(`The demo ended early: ${messageOf(error)}`)
  })
  await drainAfterStop(demo, stop.stopped, log)
}

type Addresses = Pick<RunningGateway, 'gatewayUrl' | 'adminUrl' | 'firstRunPassword' | 'notices'>

function announce(running: Addresses, log: (line: string) => void): void {
  for (const notice of running.notices) log(`notice    ${notice}`)
  log(`gateway   ${running.gatewayUrl}`)
  if (running.adminUrl !== null) log(`dashboard ${running.adminUrl}`)
  if (running.firstRunPassword !== null) {
    log(`password  ${running.firstRunPassword}  (user admin; shown only now, so note it)`)
  }
}

async function drainAfterStop(
  running: Pick<RunningGateway, 'close'>,
  stopped: Promise<void>,
  log: (line: string) => void,
): Promise<void> {
  await stopped
  log('Stopping: running requests are finished first; press Ctrl-C again to end at once.')
  await running.close()
}

/** A bad file changes nothing: the gateway goes on with what it had. */
async function reload(call: Call, context: CommandContext, gateway: RunningGateway): Promise<void> {
  try {
    const { config } = await settingsOf(call, context)
    await gateway.reload(config)
    context.stdout('The configuration was read again.\n')
  } catch (error) {
    context.stderr(`thymus: The configuration was not taken in, the old one stays in force: ${messageOf(error)}\n`)
  }
}
