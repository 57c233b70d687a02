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
  const life = { isDraining: false }
  try {
    const { port } = await gateway.listen()
    admin = config.admin.enabled ? createAdmin(adminDependencies(thymus, { env: io.env, life })) : undefined
    const adminAt = await admin?.listen()
    return {
      thymus,
      gatewayUrl: urlOf(config.listen.host, port),
      adminUrl: adminAt === undefined ? null : urlOf(config.admin.host, adminAt.port),
      firstRunPassword: admin?.firstRunPassword ?? null,
      notices: thymus.parts().innate.notices,
      reload: async (next) => thymus.reload(next),
      close: () => {
        life.isDraining = true
        return closeAll({ gateway, admin, thymus })
      },
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

/** What the readiness probe wants to know of the listener. */
type Life = { readonly isDraining: boolean }

function adminDependencies(
  thymus: Thymus,
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly life: Life },
): AdminDependencies {
  const { parts } = thymus
  const store = () => storeStateOf(thymus)
  const { dataDir } = thymus.config()
  return {
    get config() {
      return thymus.config()
    },
    clock: thymus.clock,
    events: thymus.events,
    records: thymus.storage.records,
    cases: thymus.cases,
    memory: { cells: () => parts().memory.cells(), forget: (id, by) => parts().memory.forget(id, by) },
    adaptive: {
      progress: () => parts().adaptive.progress(),
      profiles: (limit) => parts().adaptive.profiles(limit),
      detectors: (limit) => parts().adaptive.detectors(limit),
      retireDetector: (id) => parts().adaptive.retireDetector(id),
    },
    tolerances: {
      tolerate: (scope, how) => parts().tolerances.tolerate(scope, how),
      withdraw: (id) => parts().tolerances.withdraw(id),
      list: () => parts().tolerances.list(),
    },
    deploys: {
      mark: (scope, how) => parts().deploys.mark(scope, how),
      list: () => parts().deploys.list(),
    },
    models: {
      list: () => parts().selfModels.list(),
      rollback: (id, by) => parts().selfModels.rollback(id, by),
      training: () => parts().selfModels.training(),
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
    readiness: () => readinessOf(thymus, store(), options.life),
    storeState: store,
    credentialsPath: join(dataDir, 'admin.json'),
    password: options.env['THYMUS_ADMIN_PASSWORD'],
    hostNames: thymus.config().admin.hostNames,
    version: packageVersion,
  }
}

/** A Redis that is away does not make a gateway unready: it goes on with what it knows. */
function readinessOf(thymus: Thymus, store: StoreState, life: Life): ReturnType<AdminDependencies['readiness']> {
  const rules = thymus.parts().innate.rules().length
  const checks = [
    { name: 'rules', isOk: rules > 0, detail: `${rules} rules are loaded` },
    { name: 'store', isOk: true, detail: store.detail },
    {
      name: 'listener',
      isOk: !life.isDraining,
      detail: life.isDraining ? 'the gateway is stopping and takes no new requests' : 'the gateway takes requests',
    },
  ]
  return { ready: checks.every(({ isOk }) => isOk), checks }
}

/** The state of the store as its events tell it. */
function storeStateOf(thymus: Thymus): StoreState {
  if (thymus.config().redis.url === null) {
    return { backend: 'sqlite', isConnected: true, detail: 'everything is kept in the data folder of this machine' }
  }
  const news = thymus.storeNews()
  if (news === undefined) return { backend: 'redis', isConnected: false, detail: 'Redis has not answered yet' }
  return { backend: 'redis', isConnected: news.state === 'connected', detail: news.detail }
}
