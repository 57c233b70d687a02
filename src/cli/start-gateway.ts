import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Admin, createAdmin } from '../admin/admin.ts'
import type { AdminDependencies, StoreState } from '../admin/dependencies.ts'
import { createThymus, type Thymus } from '../app.ts'
import type { Config } from '../config/schema.ts'
import { createGateway, type Gateway } from '../gateway/gateway.ts'
import { checkUpstream } from '../gateway/upstream.ts'
import type { RunningGateway, StartIo } from './parts.ts'

/** A gateway with its dashboard, running; the parts are for the demo that watches them. */
export type OpenGateway = RunningGateway & { readonly thymus: Thymus }

const packageFile = new URL('../../package.json', import.meta.url)
export const packageVersion: string = String(
  (JSON.parse(readFileSync(packageFile, 'utf8')) as { version?: unknown }).version ?? 'unknown',
)

/** Opens everything; what was opened before a failure is closed again. */
export async function openGateway(
  config: Config,
  io: Pick<StartIo, 'log'> & { readonly env: Readonly<Record<string, string | undefined>> },
): Promise<OpenGateway> {
  const { upstream } = config
  if (upstream === null) throw new TypeError('openGateway needs an upstream')
  await checkUpstream(upstream)
  const thymus = await createThymus(config)
  const gateway = createGateway({
    config,
    engine: thymus.engine,
    clock: thymus.clock,
    emit: thymus.events.emit,
    upstream,
  })
  let admin: Admin | undefined
  try {
    const { port } = await gateway.listen()
    admin = config.admin.enabled ? createAdmin(adminDependencies(thymus, io.env)) : undefined
    const adminAt = await admin?.listen()
    return {
      thymus,
      gatewayUrl: urlOf(config.listen.host, port),
      adminUrl: adminAt === undefined ? null : urlOf(config.admin.host, adminAt.port),
      firstRunPassword: admin?.firstRunPassword ?? null,
      reload: async (next) => thymus.reload(next),
      close: () => closeAll({ gateway, admin, thymus }),
    }
  } catch (thrown) {
    await gateway.close()
    await admin?.close()
    await thymus.close()
    throw thrown
  }
}

/** Gateway first, so that running requests still have everything behind them. */
async function closeAll(parts: { gateway: Gateway; admin: Admin | undefined; thymus: Thymus }): Promise<void> {
  await parts.gateway.drain()
  await parts.admin?.close()
  await parts.thymus.close()
}

/** Where a person would open it: an address for any interface is shown as this machine. */
function urlOf(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}

function adminDependencies(thymus: Thymus, env: Readonly<Record<string, string | undefined>>): AdminDependencies {
  const { parts } = thymus
  const config = thymus.config()
  const store = followStore(thymus)
  return {
    config,
    clock: thymus.clock,
    events: thymus.events,
    records: thymus.storage.records,
    cases: thymus.cases,
    memory: { cells: () => parts().memory.cells(), forget: (id, by) => parts().memory.forget(id, by) },
    adaptive: {
      progress: () => parts().adaptive.progress(),
      profiles: (limit) => parts().adaptive.profiles(limit),
      detectors: (limit) => parts().adaptive.detectors(limit),
    },
    tolerances: {
      tolerate: (scope, how) => parts().tolerances.tolerate(scope, how),
      withdraw: (id) => parts().tolerances.withdraw(id),
      list: () => parts().tolerances.list(),
    },
    behaviour: {
      conduct: (clientId) => parts().behaviour.conduct(clientId),
      list: (limit) => parts().behaviour.list(limit),
      activeClients: () => parts().behaviour.activeClients(),
    },
    quarantine: {
      lookup: (clientId) => parts().quarantine.lookup(clientId),
      release: (clientId, by, reason) => parts().quarantine.release(clientId, by, reason),
      extend: (clientId, byMs, by) => parts().quarantine.extend(clientId, byMs, by),
      exempt: (clientId, how) => parts().quarantine.exempt(clientId, how),
      unexempt: (clientId, by) => parts().quarantine.unexempt(clientId, by),
      holds: () => parts().quarantine.holds(),
      exemptions: () => parts().quarantine.exemptions(),
      silenced: () => parts().quarantine.silenced(),
    },
    rules: () => parts().innate.rules(),
    routes: () => parts().catalog.routes(),
    modeOf: (method, route) => thymus.engine.modeOf(method, route),
    confirm: (referenceId, by) => thymus.engine.confirm(referenceId, by),
    metricsText: async () => ({ contentType: thymus.metrics.contentType, text: await thymus.metrics.render() }),
    readiness: () => ({
      ready: true,
      checks: [{ name: 'engine', isOk: true, detail: 'rules and learned state are loaded' }],
    }),
    storeState: store,
    credentialsPath: join(config.dataDir, 'admin.json'),
    password: env['THYMUS_ADMIN_PASSWORD'],
    version: packageVersion,
  }
}

/** The state of the store as its events tell it. */
function followStore(thymus: Thymus): () => StoreState {
  const { url } = thymus.config().redis
  if (url === null) {
    return () => ({
      backend: 'sqlite',
      isConnected: true,
      detail: 'everything is kept in the data folder of this machine',
    })
  }
  let state: StoreState = { backend: 'redis', isConnected: false, detail: 'Redis has not answered yet' }
  thymus.events.subscribe((event) => {
    if (event.kind === 'store') {
      state = { backend: 'redis', isConnected: event.state === 'connected', detail: event.detail }
    }
  })
  return () => state
}
