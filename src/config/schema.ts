import { z } from 'zod'
import { adaptiveSettings } from './adaptive-settings.ts'
import { modeSetting, routeOverride, tolerance } from './scoped-settings.ts'

/** Every setting of Thymus: type, default, unit and one sentence. `docs/CONFIGURATION.md` is made from it. */

const onFault = z.enum(['allow', 'deny'])
const port = z.int().min(0).max(65_535)
const ms = z.int().min(1)
const bytes = z.int().min(1)
const unit = z.number().min(0).max(1)

const upstreamUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).pathname === '/', 'expected a URL without a path, like http://127.0.0.1:3000')

const listen = z
  .strictObject({
    host: z.string().default('0.0.0.0').describe('Address that the gateway listens on.'),
    port: port.default(8080).describe('Port that the gateway listens on; 0 takes any free one.'),
  })
  .prefault({})

const admin = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe('Whether the admin listener (dashboard, API, health, metrics) is opened.'),
    host: z
      .string()
      .default('127.0.0.1')
      .describe('Address of the admin listener; loopback unless you put TLS in front.'),
    port: port.default(9090).describe('Port of the admin listener; 0 takes any free one.'),
    hostNames: z
      .array(z.string().min(1))
      .default([])
      .describe('Further names under which the admin listener is reached, such as that of a proxy in front of it.'),
    sessionTtlMs: ms.default(8 * 3_600_000).describe('How long a dashboard session lasts, in milliseconds.'),
    maxSignInAttempts: z
      .int()
      .min(1)
      .default(5)
      .describe('Failed sign-ins per address and 15 minutes before it has to wait.'),
  })
  .prefault({})

const timeouts = z
  .strictObject({
    headersMs: ms.default(15_000).describe('Time a client has to send its request headers, in milliseconds.'),
    requestMs: ms.default(120_000).describe('Time a client has to send its whole request, in milliseconds.'),
    upstreamConnectMs: ms.default(3_000).describe('Time to open a connection to the upstream, in milliseconds.'),
    upstreamHeadersMs: ms.default(30_000).describe('Time the upstream has to start its answer, in milliseconds.'),
    upstreamBodyMs: ms.default(300_000).describe('Longest silence within an upstream answer, in milliseconds.'),
    drainMs: ms.default(10_000).describe('Time that running requests get after SIGTERM or SIGINT, in milliseconds.'),
  })
  .prefault({})

const redis = z
  .strictObject({
    url: z
      .string()
      .regex(/^rediss?:\/\//, 'expected a URL that starts with redis:// or rediss://')
      .nullable()
      .default(null)
      .describe('Redis to share holds, tolerances and memory cells with; null keeps everything on this machine.'),
    prefix: z
      .string()
      .regex(/^[\w:.-]{1,64}$/)
      .default('thymus')
      .describe('Start of every Redis key.'),
    secret: z
      .string()
      .min(16)
      .nullable()
      .default(null)
      .describe('Shared secret that signs records; with it, records that are unsigned or wrongly signed are ignored.'),
  })
  .prefault({})

const identity = z
  .strictObject({
    principalHeader: z
      .string()
      .nullable()
      .default(null)
      .describe('Header set by a trusted proxy that names the signed-in principal; null for none.'),
    apiKeyHeaders: z.array(z.string()).default(['x-api-key']).describe('Headers that carry an API key.'),
    sessionCookies: z.array(z.string()).default([]).describe('Cookies that identify a session.'),
  })
  .prefault({})

const request = z
  .strictObject({
    maxInspectedBytes: bytes
      .default(1_048_576)
      .describe('Largest body of a parsed type (JSON, form, XML, text) that is accepted and inspected, in bytes.'),
    maxBodyBytes: bytes.default(104_857_600).describe('Largest body of any type that is passed on, in bytes.'),
    maxHeaderBytes: bytes.default(16_384).describe('Largest size of all request headers together, in bytes.'),
    maxHeaders: z.int().min(1).default(100).describe('Largest number of request headers.'),
    maxFields: z.int().min(1).default(65_536).describe('Largest number of values that are taken from one request.'),
    maxDepth: z.int().min(1).max(200).default(32).describe('Deepest nesting of JSON and XML.'),
    maxParts: z.int().min(1).default(100).describe('Largest number of multipart parts.'),
    maxNameLength: z.int().min(1).default(256).describe('Longest parameter name, in characters.'),
    maxDecodeDepth: z.int().min(1).max(10).default(5).describe('Rounds of decoding before a value counts as evasive.'),
    maxRoutes: z.int().min(1).default(2_000).describe('Largest number of learned routes.'),
    maxFieldsPerRoute: z.int().min(1).default(512).describe('Largest number of learned fields per route.'),
  })
  .prefault({})

const innate = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether rules and limits look at requests.'),
    onFault: onFault.default('deny').describe('What happens to a request when this layer fails.'),
    rulesDir: z.string().nullable().default(null).describe('Folder with further rule files.'),
    shippedRules: z
      .boolean()
      .default(true)
      .describe('Whether the rules that come with Thymus load; false leaves rulesDir and secLangFiles alone.'),
    secLangFiles: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'ModSecurity rule files (SecLang), such as those of the OWASP CRS, in this order; * in names is allowed.',
      ),
    paranoia: z.int().min(1).max(4).default(1).describe('Highest paranoia level of the rules that act.'),
    shadowRules: z.array(z.string()).default([]).describe('Ids of rules that report but never act.'),
    scorer: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether the scorer trained offline reads every value.'),
        denyScore: unit
          .default(0.8)
          .describe('Score of a value from which the scorer alone refuses a request in enforce mode; 1 for never.'),
      })
      .prefault({}),
    requestsPerSecond: z
      .number()
      .positive()
      .nullable()
      .default(50)
      .describe('Sustained requests per second of one client; null for no limit.'),
    burst: z.int().min(1).default(200).describe('Requests that one client may send at once.'),
    routeRequestsPerSecond: z
      .number()
      .positive()
      .nullable()
      .default(25)
      .describe('Sustained requests per second of one client on one route; null for no limit.'),
    routeBurst: z.int().min(1).default(100).describe('Requests that one client may send at once to one route.'),
  })
  .prefault({})

const memory = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether remembered attacks are recognised.'),
    onFault: onFault.default('allow').describe('What happens to a request when this layer fails.'),
    maxCells: z.int().min(1).default(2_000).describe('Largest number of memory cells; the least useful leave first.'),
    cellTtlMs: ms.default(30 * 86_400_000).describe('How long a memory cell lives without being hit, in milliseconds.'),
    minAffinity: unit.default(0.6).describe('Share of a cell that must be found in a value for a recall.'),
    clones: z
      .boolean()
      .default(false)
      .describe('Whether mutated copies of a confirmed attack are remembered too, after they were compared with self.'),
  })
  .prefault({})

const behaviour = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether the conduct of clients is followed.'),
    onFault: onFault.default('allow').describe('What happens to a request when this layer fails.'),
    windowMs: ms.default(60_000).describe('Length of the window over which a client is watched, in milliseconds.'),
    maxClients: z.int().min(1).default(50_000).describe('Largest number of clients that are followed at once.'),
    maxErrorShare: unit.default(0.5).describe('Share of refused or failed answers within a window that is suspicious.'),
    minRequests: z.int().min(1).default(10).describe('Requests within a window before shares are judged.'),
    maxDistinctObjects: z
      .int()
      .min(1)
      .default(20)
      .describe('Distinct object ids on one route within a window that are suspicious.'),
    maxFailedSignIns: z.int().min(1).default(8).describe('Answers 401 within a window that are suspicious.'),
  })
  .prefault({})

const quarantine = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether doubtful clients are held.'),
    ttlMs: ms
      .default(300_000)
      .describe('How long the first hold lasts, in milliseconds; each further one lasts four times as long.'),
    maxTtlMs: ms.default(86_400_000).describe('Longest hold, in milliseconds.'),
    releaseAfterClean: z
      .int()
      .min(1)
      .default(20)
      .describe('Clean requests in a row after which a client goes down a rung early.'),
    evidenceTtlMs: ms.default(600_000).describe('How long evidence against a client counts, in milliseconds.'),
    maxHeld: z.int().min(1).default(20_000).describe('Largest number of clients held at once.'),
    maxHeldShare: unit
      .default(0.03)
      .describe(
        'Share of active clients that may be held at once; above it nobody further is held and an alarm is raised.',
      ),
    neverHold: z
      .array(z.string())
      .default([])
      .describe('Addresses or CIDR blocks that are never held: load balancers, monitors.'),
  })
  .prefault({})

const telemetry = z
  .strictObject({
    level: z
      .enum(['silent', 'error', 'warn', 'info', 'debug'])
      .default('info')
      .describe('Least severe log line that is written.'),
    auditFile: z
      .boolean()
      .default(true)
      .describe('Whether findings and refusals are also kept in audit.jsonl in the data folder.'),
    recentFindings: z.int().min(1).default(2_000).describe('Cases that the review list keeps in memory.'),
  })
  .prefault({})

export const configSchema = z.strictObject({
  mode: modeSetting
    .default('monitor')
    .describe('How far Thymus may go: off, learn, monitor (say what it would do) or enforce.'),
  upstream: upstreamUrl.nullable().default(null).describe('The API to protect; null starts the bundled demo.'),
  listen: listen.describe('The gateway listener.'),
  admin: admin.describe('The admin listener.'),
  dataDir: z.string().min(1).default('thymus-data').describe('Folder for everything that outlives a restart.'),
  trustedProxies: z
    .array(z.string())
    .default([])
    .describe('Addresses or CIDR blocks of proxies whose X-Forwarded-For is believed; none by default.'),
  redis: redis.describe('Shared memory between gateways.'),
  identity: identity.describe('How clients are told apart.'),
  timeouts: timeouts.describe('Time limits.'),
  request: request.describe('Size limits.'),
  innate: innate.describe('Rules and limits known in advance.'),
  adaptive: adaptiveSettings.describe('What is learned from traffic.'),
  memory: memory.describe('Remembered attacks.'),
  behaviour: behaviour.describe('Conduct of clients over time.'),
  quarantine: quarantine.describe('Holding doubtful clients.'),
  telemetry: telemetry.describe('Logs, audit and metrics.'),
  tolerances: z
    .array(tolerance)
    .default([])
    .describe(
      'Findings that do not act in the named place until the named day; people add further ones in the dashboard.',
    ),
  routes: z.array(routeOverride).default([]).describe('Overrides per route; the first match counts.'),
})

/** Complete settings, every default filled in. */
export type Config = z.output<typeof configSchema>
/** What a person writes. */
export type ConfigInput = z.input<typeof configSchema>
