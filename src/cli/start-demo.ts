import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseConfig } from '../config/parse-config.ts'
import type { Config } from '../config/schema.ts'
import { createRandom } from '../core/random.ts'
import { createDemoApi } from '../demo/api.ts'
import { runDemo } from '../demo/demo.ts'
import { demoConfig } from '../demo/demo-config.ts'
import { isComplete } from '../demo/report.ts'
import type { RunningDemo, StartIo } from './parts.ts'
import { openGateway } from './start-gateway.ts'

/** The people of the demo behave the same in every run. */
const demoSeed = 20_261

/** The gateway in front of the bundled API, with simulated people and two attackers. */
export async function startDemo(
  settings: Config,
  io: StartIo & { readonly isUnattended: boolean; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<RunningDemo> {
  const api = await listen(createServer(createDemoApi()))
  const end = new AbortController()
  io.signal.addEventListener('abort', () => end.abort(io.signal.reason))
  try {
    const gateway = await openGateway(withDemo(settings, api.url), io)
    const { thymus } = gateway
    const finished = runDemo({
      gatewayUrl: gateway.gatewayUrl,
      adminUrl: gateway.adminUrl ?? 'off',
      progress: () => thymus.parts().adaptive.progress(),
      subscribe: thymus.events.subscribe,
      log: io.log,
      random: createRandom(demoSeed),
      signal: end.signal,
      keepsTraffic: !io.isUnattended,
    }).then((report) => ({ report, isComplete: isComplete(report) }))
    finished.catch(() => undefined)
    return {
      gatewayUrl: gateway.gatewayUrl,
      adminUrl: gateway.adminUrl,
      notices: [],
      firstRunPassword: gateway.firstRunPassword,
      finished,
      close: async () => {
        end.abort(new Error('the demo was closed'))
        await gateway.close()
        await closeServer(api.server)
      },
    }
  } catch (thrown) {
    end.abort(thrown)
    await closeServer(api.server)
    throw thrown
  }
}

/** The demo's shortened thresholds over the given settings; only what a person has to see is logged. */
function withDemo(settings: Config, upstream: string): Config {
  const demo = demoConfig()
  return parseConfig({
    ...settings,
    ...demo,
    upstream,
    adaptive: { ...settings.adaptive, ...demo.adaptive },
    quarantine: { ...settings.quarantine, ...demo.quarantine },
    telemetry: { ...settings.telemetry, level: 'error' },
  })
}

async function listen(server: Server): Promise<{ readonly server: Server; readonly url: string }> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
