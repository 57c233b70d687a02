import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createManualClock } from '../../../src/core/clock.ts'
import { createRandom } from '../../../src/core/random.ts'
import { diskSource, parseSecLang } from '../../../src/innate/seclang/load-seclang.ts'
import { createProgramRunner } from '../../../src/innate/seclang/run/create-program-runner.ts'
import type { RequestView } from '../../../src/request/request-view.ts'
import { viewOf } from '../../innate/canonical-case.ts'

const setup = '/etc/modsecurity/crs/crs-setup.conf'
const rules = '/usr/share/modsecurity-crs/rules/*.conf'

/** As the recommended configuration has it; the rule set leaves the choice of a reader to it. */
const readJson =
  'SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:9,phase:1,pass,nolog,ctl:requestBodyProcessor=JSON"'

/** The installed Core Rule Set at paranoia level 1; without it rules of our own, which say little. */
const text = existsSync(setup)
  ? [readJson, `Include ${setup}`, `Include ${rules}`]
  : [
      readJson,
      ...Array.from(
        { length: 100 },
        (_, index) =>
          `SecRule ARGS|ARGS_NAMES|REQUEST_HEADERS "@rx (?:select|union)\\s+x${index}" "id:${index + 10},phase:2,pass,t:urlDecodeUni,t:lowercase"`,
      ),
    ]
const program = parseSecLang(text.join('\n'), '/etc/modsecurity/bench.conf', {
  source: diskSource,
  readData: (name, besideFile) => readFileSync(join(dirname(besideFile), name), 'latin1'),
})

/** What the rules are called in the report. */
export const ruleSetName = existsSync(setup) ? 'CRS 3.3.4' : '100 rules'

const settings = { ...program.settings, engine: 'on' as const, requestBodyAccess: true }
const runner = createProgramRunner(
  { ...program, settings },
  { clock: createManualClock(1_700_000_000_000), random: createRandom(1) },
)

/** Phases 1 and 2. */
export function inspectView(view: RequestView): number {
  const transaction = runner.begin(view)
  transaction.requestHead()
  transaction.requestBody()
  return transaction.matches.length
}

export const headers = [
  [
    'user-agent',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  ],
  ['accept', 'application/json, text/plain, */*'],
  ['accept-language', 'en-GB,en;q=0.9'],
  ['accept-encoding', 'gzip, deflate'],
  ['x-request-id', '550e8400-e29b-41d4-a716-446655440000'],
  ['referer', 'https://shop.example/account/orders?tab=open'],
  ['cookie', `sid=${'a1b2c3d4'.repeat(8)}; theme=dark`],
  ['cache-control', 'no-cache'],
] as const

export const getView: RequestView = viewOf({
  target: '/orders?page=2&size=20&sort=createdAt&status=open&currency=EUR&from=2026-01-01&to=2026-01-31&customer=18374',
  headers,
})

/** 130 leaves, of which the numbers and codes differ from body to body. */
export function postView(serial: number): RequestView {
  const lines = Array.from({ length: 26 }, (_, index) => ({
    sku: `SKU-${1000 + index + serial * 31}`,
    quantity: index + 1 + serial,
    price: 12.5 + index + serial,
    colour: 'midnight blue',
    gift: index % 2 === 0,
  }))
  return viewOf({
    method: 'POST',
    target: '/orders',
    headers: [...headers, ['content-type', 'application/json']],
    body: JSON.stringify({ lines }),
  })
}

/** One pass over the bytes of a request, which every inspection has to make. */
export function readBytes({ target, rawHeaders, body }: RequestView): number {
  let sum = 0
  for (const text of [target, ...rawHeaders]) {
    for (let index = 0; index < text.length; index += 1) sum += text.charCodeAt(index)
  }
  for (const byte of body ?? []) sum += byte
  return sum
}
