import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDeploys, deployWindowRange } from '../../src/adaptive/deploys.ts'
import { configSchema } from '../../src/config/schema.ts'
import { createManualClock, systemClock } from '../../src/core/clock.ts'
import { createMemoryStorage } from '../../src/storage/memory-storage.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { createFolders } from '../storage/folders.ts'
import { startRedis, until } from '../storage/redis-server.ts'

const startMs = 1_790_000_000_000
const by = { by: 'pipeline', reason: 'version 2' }
const all = { service: '*', route: '/**' }
const place = { service: 'api', method: 'GET', route: '/orders/{int}' }
const folders = createFolders()
afterAll(folders.removeAll)

function create() {
  const clock = createManualClock(startMs)
  const { records } = createMemoryStorage({ nodeId: 'a', clock })
  return { clock, records, deploys: createDeploys({ records, clock }) }
}

describe('marks of deploys', () => {
  it('run in their scope for their window and in no other place or time', () => {
    const { min, max } = deployWindowRange
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            service: fc.constantFrom('*', 'api', 'shop'),
            route: fc.constantFrom('/**', '/orders/**', '/orders/*', '/users'),
            windowMs: fc.integer({ min, max }),
          }),
          { maxLength: 4 },
        ),
        fc.integer({ min: 0, max: max * 2 }),
        (made, laterMs) => {
          const { clock, deploys } = create()
          for (const { windowMs, ...scope } of made) deploys.mark(scope, { ...by, windowMs })
          clock.advance(laterMs)
          const isNamed = made.some(
            ({ service, route, windowMs }) => laterMs < windowMs && service !== 'shop' && route !== '/users',
          )
          // Marks of one moment and scope are one deploy, the last word of which counts.
          const isUnique = new Set(made.map(({ service, route }) => `${service} ${route}`)).size === made.length
          if (isUnique) expect(deploys.isRunning(place)).toBe(isNamed)
          else if (!isNamed) expect(deploys.isRunning(place)).toBe(false)
        },
      ),
    )
  })

  it('last for half an hour unless told otherwise, and are listed for a week after that, newest first', () => {
    const { clock, deploys } = create()
    deploys.mark(all, by)
    clock.advance(1_800_000)
    deploys.mark({ service: 'api', route: '/orders' }, { by: 'anna', reason: 'a new form', windowMs: 60_000 })
    expect(deploys.list()).toMatchObject([
      { reason: 'a new form', by: 'anna', isRunning: true, markedAtMs: clock.now(), untilMs: clock.now() + 60_000 },
      { reason: 'version 2', isRunning: false, untilMs: clock.now() },
    ])
    clock.advance(7 * 86_400_000)
    expect(deploys.list()).toMatchObject([{ reason: 'a new form', isRunning: false }])
    clock.advance(60_001)
    expect(deploys.list()).toEqual([])
  })

  it.each([59_999, 86_400_001, 60_000.5, Number.NaN])('refuse a window of %d', (windowMs) => {
    const { deploys } = create()
    expect(() => deploys.mark(all, { ...by, windowMs })).toThrow(
      new RangeError(`windowMs is ${windowMs}, expected a whole number from 60000 to 86400000`),
    )
    expect(deploys.list()).toEqual([])
  })

  it('keep their number bounded: the oldest leave first', () => {
    const { clock, deploys } = create()
    for (let index = 0; index < 1_010; index += 1) {
      deploys.mark(all, { by: 'pipeline', reason: `version ${index}` })
      clock.advance(1)
    }
    const listed = deploys.list()
    expect(listed).toHaveLength(1_000)
    expect(listed[0]?.reason).toBe('version 1009')
    expect(listed.at(-1)?.reason).toBe('version 10')
  })

  it('are believed only as far as they could have been made here', () => {
    const { records, deploys } = create()
    const body = { scope: all, ...by, markedAtMs: startMs, untilMs: startMs + 60_000 }
    const draft = { kind: 'deploy', subject: 's', rank: 'person', expiresAtMs: startMs + 9e9 } as const
    const forged = [
      { ...draft, body: { ...body, untilMs: startMs + 86_400_001 } },
      { ...draft, body: { ...body, markedAtMs: startMs + 300_001, untilMs: startMs + 400_000 } },
      { ...draft, body: { ...body, scope: 'all' } },
      { ...draft, body: {} },
      { ...draft, rank: 'machine' as const, body },
    ]
    for (const [index, one] of forged.entries()) records.append({ ...one, subject: `forged ${index}` })
    expect(deploys.isRunning(place)).toBe(false)
    records.append({ ...draft, body })
    expect(deploys.isRunning(place)).toBe(true)
  })

  it('follow the log until they are closed', () => {
    const { clock, records, deploys } = create()
    const peer = createDeploys({ records, clock })
    const { id } = peer.mark(all, by)
    expect(deploys.isRunning(place)).toBe(true)
    records.revoke(id, 'person')
    expect(deploys.isRunning(place)).toBe(false)
    deploys.close()
    peer.mark({ service: 'api', route: '/**' }, by)
    expect(deploys.isRunning(place)).toBe(false)
    expect(peer.isRunning(place)).toBe(true)
  })

  it('outlive a restart', async () => {
    const config = configSchema.parse({ dataDir: folders.make() })
    const open = () => openStorage({ config, clock: systemClock, emit: () => undefined })
    const first = await open()
    const { id } = createDeploys({ records: first.records, clock: systemClock }).mark(all, by)
    await first.close()
    const second = await open()
    const deploys = createDeploys({ records: second.records, clock: systemClock })
    expect(deploys.list()).toMatchObject([{ id, ...by, isRunning: true }])
    expect(deploys.isRunning(place)).toBe(true)
    await second.close()
  })

  it('run on every node that shares a Redis', async () => {
    const server = await startRedis()
    const open = async (nodeId: string) => {
      const config = configSchema.parse({ dataDir: folders.make(), redis: { url: server.url } })
      return openStorage({ config, nodeId, clock: systemClock, emit: () => undefined })
    }
    const [a, b] = [await open('a'), await open('b')]
    const here = createDeploys({ records: a.records, clock: systemClock })
    const there = createDeploys({ records: b.records, clock: systemClock })
    const made = here.mark({ service: 'api', route: '/orders/**' }, by)
    await until(() => there.isRunning(place))
    expect(there.isRunning({ ...place, service: 'shop' })).toBe(false)
    expect(there.list()).toEqual([made])
    for (const one of [a, b]) await one.close()
    await server.stop()
  })
})
