/** Who may import whom. DESIGN: layers never import each other; they meet in `engine`, and `app.ts` knows all. */

/** Rooms each room may import, besides itself. */
export const importTable: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ['core'],
  request: ['core', 'config'],
  storage: ['core', 'config'],
  telemetry: ['core', 'config'],
  antigen: ['core', 'config', 'request'],
  innate: ['core', 'config', 'request', 'antigen'],
  // `request`: a cell is recalled in the fields of a canonical request.
  memory: ['core', 'config', 'request', 'antigen', 'storage'],
  // `memory`: confirmed detectors are handed over, the one exception among the layers.
  adaptive: ['core', 'config', 'request', 'antigen', 'memory', 'storage'],
  behaviour: ['core', 'config', 'request'],
  quarantine: ['core', 'config', 'storage'],
  engine: ['core', 'config', 'request', 'innate', 'antigen', 'memory', 'adaptive', 'behaviour', 'quarantine'],
  http: ['core', 'config', 'request'],
  gateway: ['core', 'config', 'http', 'engine'],
  middleware: ['core', 'config', 'http', 'engine'],
  replay: ['core', 'config', 'request', 'engine'],
  admin: ['core', 'config', 'storage', 'telemetry', 'memory', 'adaptive', 'behaviour', 'quarantine', 'replay'],
  // Besides these, the public entries.
  demo: ['core'],
}

/** Parts of `src` that may import every room: the composition root, the entries and the commands. */
export const composers: readonly string[] = [
  'ablation.ts',
  'app.ts',
  'assemble.ts',
  'offline.ts',
  'main.ts',
  'index.ts',
  'express.ts',
  'testing.ts',
  'cli',
]

/** What `package.json` exports; the only files that may pass on what stands elsewhere. */
export const publicEntries: Readonly<Record<string, string>> = {
  thymus: 'src/index.ts',
  'thymus/express': 'src/express.ts',
  'thymus/testing': 'src/testing.ts',
}

/** The dashboard runs in the browser: a world of its own, which no room imports and which imports none. */
export const dashboard = 'admin/dashboard'
/** The one exception: the forms of the API's answers, as types. */
export const dashboardContract = 'src/admin/schemas.ts'

/**
 * Where each vendor may be imported: a room or a folder within one. Swapping a vendor touches these and nothing else.
 * zod stands at every boundary: settings and rules from files, inputs of people, and what comes back from Redis, disk
 * and other processes (record bodies, snapshots, traffic files).
 */
export const vendorHomes: Readonly<Record<string, readonly string[]>> = {
  ioredis: ['storage'],
  'node:sqlite': ['storage'],
  '@tensorflow/*': ['adaptive/training'],
  express: ['middleware', 'admin', 'demo'],
  helmet: ['admin'],
  undici: ['gateway'],
  zod: ['config', 'antigen', 'innate', 'admin', 'storage', 'memory', 'quarantine', 'adaptive', 'replay'],
  'zod-openapi': ['admin'],
  'prom-client': ['telemetry'],
  pino: ['telemetry'],
  yaml: ['config', 'innate', 'replay'],
  'ipaddr.js': ['request', 'http'],
  re2js: ['innate'],
}

/** Rooms that must not even touch the platform: what they do depends on their arguments alone. */
export const pureRooms: readonly string[] = ['core']

/** What of the platform depends on its arguments alone. */
export const pureBuiltins: readonly string[] = ['node:net']

/** The only places that may read the clock or the dice of the process; everything else is given them. */
export const clockHomes: readonly string[] = ['core/clock.ts', 'app.ts', 'main.ts', 'index.ts', 'testing.ts', 'cli']
