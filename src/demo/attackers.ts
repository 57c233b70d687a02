import { setTimeout as wait } from 'node:timers/promises'
import { strangers } from './shop/shop.ts'
import { createVisitor, memberOf, type Reply, type Visitor, type VisitorRequest } from './visitor.ts'
import { languages, userAgents } from './vocabulary.ts'

/**
 * Two people who mean no good. Their payload belongs to an expression language that exists nowhere, so no rule can know
 * it; only what the API's own traffic looks like gives it away.
 */

export type AttackerOptions = {
  readonly baseUrl: string
  readonly signal: AbortSignal
  /** Pause between two requests. */
  readonly pauseMs: number
  /** Requests after which the attacker gives up. */
  readonly maxRequests: number
  /** Called after each answer, with its number; true ends the attack: the attacker is held. */
  readonly isOver: (reply: Reply, requestNumber: number) => boolean | Promise<boolean>
}

export type AttackerReport = {
  readonly requests: number
  /** Number of the first request that the gateway refused; null when none was. */
  readonly refusedAt: number | null
  /** True when `isOver` ended the attack. */
  readonly isOver: boolean
}

export const firstAttackerAddress = '203.0.113.250'
export const secondAttackerAddress = '2001:db8:ff66::66'

const payload = '~@owner.all@~^^walk:orders^^!!total!!'
/** The same idea with other words; about three quarters of its four-character pieces are those of the first. */
const variant = '~@owner.all@~^^walk:baskets^^!!total!!'

const firstForeignOrder = 100_000

/** Signs in as anybody could, then tries its payload and walks through other people's orders by number. */
export async function runAttacker(options: AttackerOptions): Promise<AttackerReport> {
  const visitor = visitorAt(firstAttackerAddress, options)
  const [account] = strangers
  const welcome = await visitor.send({ method: 'POST', target: '/api/sign-in', body: account })
  const token = memberOf(welcome.body, 'accessToken')
  const walk = (step: number): VisitorRequest => walkStep(step, typeof token === 'string' ? token : '')
  return attack(visitor, walk, options)
}

/** Comes later, from elsewhere, with a variant of the payload, and with nothing else before it. */
export async function runSecondAttacker(options: AttackerOptions): Promise<AttackerReport> {
  const visitor = visitorAt(secondAttackerAddress, options)
  return attack(visitor, () => ({ target: `/api/catalogue?q=${encodeURIComponent(variant)}&sort=title` }), options)
}

/** The payload in two places, and between them four order numbers each that belong to somebody else. */
function walkStep(step: number, token: string): VisitorRequest {
  const order = `/api/orders/${firstForeignOrder + step}`
  if (step % 6 === 0) return { target: `/api/catalogue?q=${encodeURIComponent(payload)}&sort=price`, token }
  if (step % 6 === 3) return { target: `${order}?fields=${encodeURIComponent(payload)}`, token }
  return { target: order, token }
}

async function attack(
  visitor: Visitor,
  requestOf: (step: number) => VisitorRequest,
  options: AttackerOptions,
): Promise<AttackerReport> {
  let refusedAt: number | null = null
  for (let step = 0; step < options.maxRequests; step += 1) {
    const requests = step + 1
    const reply = await visitor.send(requestOf(step))
    if (reply.referenceId !== undefined) refusedAt ??= requests
    if (await options.isOver(reply, requests)) return { requests, refusedAt, isOver: true }
    await wait(options.pauseMs, undefined, { signal: options.signal })
  }
  return { requests: options.maxRequests, refusedAt, isOver: false }
}

function visitorAt(address: string, options: AttackerOptions): Visitor {
  const { baseUrl, signal } = options
  return createVisitor({ baseUrl, signal, address, userAgent: userAgents[0] ?? '', language: languages[0] ?? '' })
}
