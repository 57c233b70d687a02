import { setTimeout as wait } from 'node:timers/promises'
import { createRandom, type Random } from '../core/random.ts'
import { createErrands, type Errands } from './errands.ts'
import { credentialsOf } from './shop/shop.ts'
import { createVisitor, memberOf, type Reply, type Visitor, type VisitorRequest } from './visitor.ts'
import { languages, names, userAgents } from './vocabulary.ts'

/** Ordinary people at the shop: sign in, look, buy, mistype, come back. They must never do anything but that. */

export type PersonaOptions = {
  readonly baseUrl: string
  /** How many people; at most as many as there are names. */
  readonly count: number
  readonly random: Random
  /** Ends all of them; the promise then resolves. */
  readonly signal: AbortSignal
  /** Shortest and longest pause between two requests of one person. */
  readonly pauseMs?: { readonly least: number; readonly most: number }
  readonly onReply?: (reply: Reply, persona: { readonly name: string; readonly request: VisitorRequest }) => void
}

export type PersonaReport = {
  readonly requests: number
  /** Refusals by the gateway; the API's own 401, 403, 404 and 422 do not count. */
  readonly refused: number
  /** Requests without an answer. */
  readonly failed: number
  readonly byStatus: Readonly<Record<string, number>>
}

export const maxPersonas = names.length

const usualPauseMs = { least: 200, most: 700 }
const visitLength = 12
/** Accounts that are this far apart have passwords of the same form. */
const passwordForms = 12

/** Runs until `signal` aborts. Never rejects because of an answer or a lost connection: both are counted. */
export async function runPersonas(options: PersonaOptions): Promise<PersonaReport> {
  if (!Number.isInteger(options.count) || options.count < 1 || options.count > maxPersonas) {
    throw new RangeError(`count is ${options.count}, expected 1 to ${maxPersonas}`)
  }
  const tally = { requests: 0, refused: 0, failed: 0, byStatus: {} as Record<string, number> }
  const people = Array.from({ length: options.count }, (_, index) => livePersona(index, options, tally))
  await Promise.all(people)
  return tally
}

/** Documentation addresses only (RFC 5737, RFC 3849), each person in a place of their own. */
export function addressOf(index: number): string {
  const networks = ['192.0.2', '198.51.100', '203.0.113']
  if (index % 3 !== 2) return `${networks[index % networks.length]}.${10 + index}`
  return `2001:db8:${(0x100 + index).toString(16)}::${(10 + index).toString(16)}`
}

type Tally = { requests: number; refused: number; failed: number; byStatus: Record<string, number> }
type Ask = (request: VisitorRequest) => Promise<Reply | undefined>

async function livePersona(index: number, options: PersonaOptions, tally: Tally): Promise<void> {
  const random = createRandom(Math.floor(options.random() * 2 ** 32))
  const name = names[index] ?? ''
  const visitor = createVisitor({
    baseUrl: options.baseUrl,
    address: addressOf(index),
    userAgent: userAgents[index % userAgents.length] ?? '',
    language: languages[index % languages.length] ?? '',
    signal: options.signal,
  })
  const errands = createErrands(name, random)
  const pause = options.pauseMs ?? usualPauseMs
  const ask: Ask = async (request) => {
    await rest(pause.least + random() * (pause.most - pause.least), options.signal)
    if (options.signal.aborted) return undefined
    const reply = await sendCounted(visitor, request, tally)
    if (reply !== undefined) options.onReply?.(reply, { name, request })
    return reply
  }
  while (!options.signal.aborted) await visitShop(index, { ask, errands, random })
}

/** One visit: sign in (sometimes at the second try), look at one's orders, run errands, renew the token on the way. */
async function visitShop(
  index: number,
  { ask, errands, random }: { readonly ask: Ask; readonly errands: Errands; readonly random: Random },
): Promise<void> {
  const { email, password } = credentialsOf(index)
  const signIn = (typed: string): VisitorRequest => ({
    method: 'POST',
    target: '/api/sign-in',
    body: { email, password: typed },
  })
  // The password of another account, in the form that this person uses.
  if (random() < 0.1) await ask(signIn(credentialsOf(index + passwordForms).password))
  const welcome = await ask(signIn(password))
  const tokens = readTokens(welcome)
  if (tokens === undefined) return
  errands.noteToken(tokens.access)
  const list = await ask({ target: '/api/orders?page=1&perPage=20', token: tokens.access })
  errands.noteOrders(readOrderIds(list))
  const renewalStep = Math.floor(random() * visitLength)
  for (let step = 0; step < visitLength; step += 1) {
    if (step === renewalStep) await renewToken(tokens.refresh, { ask, errands })
    const request = errands.next()
    await ask(request)
  }
}

async function renewToken(
  refresh: string,
  { ask, errands }: { readonly ask: Ask; readonly errands: Errands },
): Promise<void> {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh })
  const tokens = readTokens(await ask({ method: 'POST', target: '/api/token', body: form }))
  if (tokens !== undefined) errands.noteToken(tokens.access)
}

function readTokens(reply: Reply | undefined): { readonly access: string; readonly refresh: string } | undefined {
  const access = memberOf(reply?.body, 'accessToken')
  const refresh = memberOf(reply?.body, 'refreshToken')
  return typeof access === 'string' && typeof refresh === 'string' ? { access, refresh } : undefined
}

function readOrderIds(reply: Reply | undefined): number[] {
  const items = memberOf(reply?.body, 'items')
  if (!Array.isArray(items)) return []
  return items.map((item) => memberOf(item, 'id')).filter((id) => typeof id === 'number')
}

/** `undefined` when no answer came. */
async function sendCounted(visitor: Visitor, request: VisitorRequest, tally: Tally): Promise<Reply | undefined> {
  try {
    const reply = await visitor.send(request)
    tally.requests += 1
    tally.byStatus[reply.status] = (tally.byStatus[reply.status] ?? 0) + 1
    if (reply.referenceId !== undefined) tally.refused += 1
    return reply
  } catch {
    tally.failed += 1
    return undefined
  }
}

/** A pause that an abort ends early. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined)
}
