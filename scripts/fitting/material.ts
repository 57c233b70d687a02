/** Services that the learned score is fitted to, and how foreign their requests look after learning from their own. */
import { join } from 'node:path'
import { learnedParts } from '../../src/ablation.ts'
import { isCompared } from '../../src/adaptive/compared.ts'
import { Inspector } from '../../src/adaptive/inspector.ts'
import { Learner } from '../../src/adaptive/learner.ts'
import { SelfStore } from '../../src/adaptive/self-store.ts'
import { configSchema } from '../../src/config/schema.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import { createCanonicalizer } from '../../src/request/canonicalize.ts'
import { createClientIdentifier } from '../../src/request/client-identity.ts'
import { fieldFlags } from '../../src/request/field.ts'
import { createHeadReader } from '../../src/request/request-head.ts'
import { RouteCatalog } from '../../src/request/route-catalog.ts'
import { type Row, readRows, viewOf } from '../recorded-rows.ts'

/** Masked log-odds, `ln(1 + rarity)`, surprise beyond chance: what the weights stand before. */
export type Point = readonly [masked: number, rarity: number, type: number, surprise: number]
export type Sample = {
  /** The service that it belongs to; services are left out as a whole. */
  readonly group: string
  readonly isAttack: boolean
  /** One for each foreign value and for the form of the request. */
  readonly points: readonly Point[]
}

type Service = {
  readonly group: string
  readonly self: readonly Row[]
  readonly asked: readonly Row[]
  /** Attacks put into values of the harmless requests that are asked about, so many for each. */
  readonly injected: number
}

const config = configSchema.parse({})
/** Hosts of recorded browsing with fewer requests teach nothing. */
const minRequests = 20
const taughtShare = 0.6

/** Everything in a folder that holds the development data. */
export function readMaterial(folder: string): readonly Sample[] {
  const payloads = payloadsOf(readRows(join(folder, 'wcp-malicious-dev.jsonl.gz')))
  return servicesOf(folder).flatMap((service) => samplesOf(service, payloads))
}

function servicesOf(folder: string): readonly Service[] {
  const sites = Map.groupBy(readRows(join(folder, 'siteinject-dev.jsonl.gz')), ({ client = '' }) => client)
  const known = new Set([...sites.keys()].map((site) => site.replace('bh:', '')))
  return [
    ...[...sites].map(([site, rows]) => splitService(`site ${site}`, rows, 'self-train')),
    splitService('csic', readRows(join(folder, 'csic2010-dev.jsonl.gz')), 'train'),
    splitService('httpparams', readRows(join(folder, 'httpparams-dev.jsonl.gz')), 'train'),
    ...hostsOf(readRows(join(folder, 'blazehttp-dev.jsonl.gz')), known),
    ...textsOf(readRows(join(folder, 'text-benign-dev.jsonl.gz'))),
  ]
}

function splitService(group: string, rows: readonly Row[], split: string): Service {
  return {
    group,
    self: rows.filter((row) => row.split === split),
    asked: rows.filter((row) => row.split !== split),
    injected: 0,
  }
}

/** Recorded browsing by host, without the hosts that have a data set of their own. */
function hostsOf(rows: readonly Row[], known: ReadonlySet<string>): readonly Service[] {
  const harmless = rows.filter(({ label }) => label === 'benign')
  return [...Map.groupBy(harmless, hostOf)].flatMap(([host, own]) => {
    if (known.has(host) || own.length < minRequests) return []
    const taught = Math.floor(own.length * taughtShare)
    return [{ group: `host ${host}`, self: own.slice(0, taught), asked: own.slice(taught), injected: 2 }]
  })
}

const hostOf = ({ headers }: Row): string => headers.find(([name]) => name.toLowerCase() === 'host')?.[1].trim() ?? ''

/** Human text in one field: a search box that has seen some. */
function textsOf(rows: readonly Row[]): readonly Service[] {
  const harmless = rows.filter(({ label }) => label === 'benign')
  return [...Map.groupBy(harmless, ({ category }) => category ?? '')].flatMap(([kind, own]) =>
    [60, 300].map((taught, index) => {
      const every = own.filter((_, place) => place % 7 === index)
      return {
        group: `text ${kind}`,
        self: every.slice(0, taught),
        asked: every.slice(taught, taught + 700),
        injected: 1,
      }
    }),
  )
}

/** Payloads with their classes in turn, so that each class is as frequent. */
function payloadsOf(rows: readonly Row[]): readonly string[] {
  const classes = [...Map.groupBy(rows, ({ category }) => category ?? '').values()]
  const payloads: string[] = []
  for (let turn = 0; turn < 400; turn += 1) {
    for (const own of classes) payloads.push(own[(turn * 97) % own.length]?.payload ?? '')
  }
  return payloads.filter((payload) => payload !== '')
}

/** Learns one service's own traffic and measures the rest of it. */
function samplesOf(service: Service, payloads: readonly string[]): readonly Sample[] {
  const { read, inspector } = learnService(service.self)
  const sampleOf = (request: CanonicalRequest, isAttack: boolean): Sample => {
    const points: Point[] = []
    inspector.visit(request, ({ masked, rarity, type, surprise }, chance) => {
      points.push([masked, Math.log(1 + rarity), type, Math.max(0, surprise - chance)])
    })
    return { group: service.group, isAttack, points }
  }
  return service.asked.flatMap((row, index) => {
    const request = read(row)
    const own = sampleOf(request, row.label === 'attack')
    if (row.label === 'attack') return [own]
    const attacks = Array.from({ length: service.injected }, (_, turn) =>
      withPayload(request, payloads[(index * 31 + turn * 7919) % payloads.length] ?? '', index + turn),
    )
    return [own, ...attacks.flatMap((attack) => (attack === null ? [] : [sampleOf(attack, true)]))]
  })
}

/** The request with one of its values replaced; `null` when it has none that a client fills in. */
function withPayload(request: CanonicalRequest, payload: string, turn: number): CanonicalRequest | null {
  const open = request.fields.filter(
    (field) => isCompared(field) && field.location !== 'header' && (field.flags & fieldFlags.literal) === 0,
  )
  const chosen = open[turn % open.length]
  if (chosen === undefined) return null
  const fields = request.fields.map((field) => (field === chosen ? { ...field, value: payload, memo: 0 } : field))
  return { ...request, fields }
}

/** What a service has shown, and who compares with it. */
export function learnService(self: readonly Row[]): { read: (row: Row) => CanonicalRequest; inspector: Inspector } {
  const catalog = new RouteCatalog({ ...config.request, maxServices: 64 })
  const identifier = createClientIdentifier({ ...config.identity, trustedProxies: [] })
  const readHead = createHeadReader({ ...config.identity, ...config.request, catalog, identifier })
  const canonicalize = createCanonicalizer({ limits: config.request, catalog })
  const read = (row: Row): CanonicalRequest => {
    const view = viewOf(row)
    return canonicalize(view, readHead(view))
  }
  const { rarity, model, inherited, comparesShape } = learnedParts(new Set())
  const store = new SelfStore(catalog, config.adaptive.maxProfiles, model)
  const inspector = new Inspector({
    store,
    config: config.adaptive,
    rarity,
    weights: model.weights,
    inherited,
    comparesShape,
    onForeign: () => '',
    expectsNews: () => false,
  })
  const judge = { wouldAlarm: () => false, logOdds: () => model.weights.bias }
  const learner = new Learner({ store, rule: config.adaptive, trusted: null, onSelfValue: () => {}, judge, inherited })
  for (const row of self) {
    const view = viewOf(row)
    const head = readHead(view)
    catalog.learnRoute(head.service, view.method, head.path.resolved)
  }
  for (const row of self) learner.learn(read(row), true)
  return { read, inspector }
}
