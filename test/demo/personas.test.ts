import { isIP } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../src/core/random.ts'
import { createDemoApi } from '../../src/demo/api.ts'
import { addressOf, maxPersonas, runPersonas } from '../../src/demo/personas.ts'
import type { Reply, VisitorRequest } from '../../src/demo/visitor.ts'
import * as words from '../../src/demo/vocabulary.ts'
import { listen } from './listening.ts'

const unhurried = { least: 0, most: 2 }

/** Runs all personas against the plain API until they have sent enough. */
async function runUntil(
  requests: number,
): Promise<{ seen: { reply: Reply; request: VisitorRequest; name: string }[]; failed: number }> {
  const server = await listen(createDemoApi())
  const end = new AbortController()
  const seen: { reply: Reply; request: VisitorRequest; name: string }[] = []
  const report = await runPersonas({
    baseUrl: server.url,
    count: maxPersonas,
    random: createRandom(7),
    signal: end.signal,
    pauseMs: unhurried,
    onReply: (reply, { name, request }) => {
      seen.push({ reply, request, name })
      if (seen.length >= requests) end.abort()
    },
  })
  await server.close()
  expect(report.refused).toBe(0)
  return { seen, failed: report.failed }
}

describe('personas', () => {
  it('are at least forty, each at an address of its own', () => {
    expect(maxPersonas).toBeGreaterThanOrEqual(40)
    const addresses = Array.from({ length: maxPersonas }, (_, index) => addressOf(index))
    expect(new Set(addresses).size).toBe(maxPersonas)
    expect(addresses.filter((address) => isIP(address) === 0)).toEqual([])
  })

  it('use every part of the API, mostly well and sometimes with a slip', async () => {
    const { seen } = await runUntil(4_000)
    const statuses = new Map<number, number>()
    for (const { reply } of seen) statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
    for (const status of [200, 201, 401, 404, 422]) expect(statuses.get(status)).toBeGreaterThan(0)
    const good = (statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)
    expect(good / seen.length).toBeGreaterThan(0.9)
    expect([...statuses.keys()].filter((status) => status === 403 || status >= 500)).toEqual([])
    const paths = new Set(seen.map(({ request }) => request.target.split(/[?\d]/)[0]))
    for (const path of [
      '/health',
      '/api/sign-in',
      '/api/token',
      '/api/catalogue',
      '/api/orders/',
      '/api/profile',
      '/api/documents',
    ]) {
      expect(paths).toContain(path)
    }
    expect(new Set(seen.map(({ name }) => name)).size).toBe(maxPersonas)
  })

  it('show every search phrase from several people before long, so that none is foreign', async () => {
    const { seen } = await runUntil(6_000)
    const people = new Map(words.searchPhrases.map((phrase) => [phrase, new Set<string>()]))
    for (const { request, name } of seen) {
      const phrase = new URL(request.target, 'http://shop').searchParams.get('q')
      if (phrase !== null) people.get(phrase)?.add(name)
    }
    expect(Math.min(...[...people.values()].map((who) => who.size))).toBeGreaterThanOrEqual(4)
  })

  it('survive an API that is not there', async () => {
    const server = await listen(createDemoApi())
    await server.close()
    const end = new AbortController()
    const run = runPersonas({
      baseUrl: server.url,
      count: 3,
      random: createRandom(1),
      signal: end.signal,
      pauseMs: unhurried,
    })
    setTimeout(() => end.abort(), 100)
    const report = await run
    expect(report.requests).toBe(0)
    expect(report.failed).toBeGreaterThan(0)
  })

  it('refuse to be more than there are names', async () => {
    const options = { baseUrl: 'http://127.0.0.1:1', random: createRandom(1), signal: new AbortController().signal }
    await expect(runPersonas({ ...options, count: maxPersonas + 1 })).rejects.toThrow(`expected 1 to ${maxPersonas}`)
  })
})
