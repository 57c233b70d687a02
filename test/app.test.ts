import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createThymus, type Thymus } from '../src/app.ts'
import { ordinaryRows, rowOf } from './adaptive/self-model/fixture.ts'
import { freePort, startRedis } from './storage/redis-server.ts'

/** A Thymus over a Redis, and the log lines that it writes. */
async function withRedis(
  port: number,
  look: (thymus: Thymus, lines: readonly string[]) => Promise<void>,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'thymus-app-'))
  const lines: string[] = []
  const thymus = await createThymus(
    { dataDir, redis: { url: `redis://127.0.0.1:${port}` } },
    { output: { write: (line) => lines.push(line) } },
  )
  try {
    await look(thymus, lines)
  } finally {
    await thymus.close()
    await rm(dataDir, { recursive: true })
  }
}

describe('createThymus', () => {
  it.each(['innate:sqli-9999', 'tag:no-such-tag'])(
    'refuses a configured tolerance of %s, which no rule has',
    async (finding) => {
      const tolerances = [{ finding, until: '2099-01-01', reason: 'a test' }]
      const message = `tolerances[0].finding is ${finding}`
      await expect(createThymus({ tolerances }, { isPersistent: false })).rejects.toMatchObject({
        code: 'THY_CONFIG',
        message: expect.stringContaining(message),
      })
    },
  )

  it('lets nothing of a configured tolerance act within its scope, and counts it', async () => {
    const tolerances = ['tag:sql', 'innate:frozen-scorer'].map((finding) => {
      return { finding, route: '/search', until: '2099-01-01', reason: 'a test' }
    })
    const thymus = await createThymus({ mode: 'enforce', tolerances }, { isPersistent: false })
    const verdictOf = (target: string) =>
      thymus.engine.inspect({
        method: 'GET',
        target,
        rawHeaders: ['host', 'api.example', 'user-agent', 'test'],
        body: null,
        isBodyCut: false,
        remoteAddress: '192.0.2.7',
        receivedAtMs: 1_800_000_000_000,
      }).verdict
    const query = "?q=1'%20union%20select%20password%20from%20users--"
    expect(verdictOf(`/search${query}`).kind).toBe('allow')
    expect(verdictOf(`/other${query}`).kind).toBe('deny')
    expect(thymus.parts().tolerances.list()[0]?.hits).toBeGreaterThan(0)
    await thymus.close()
  })

  it('tells the log, the metrics and whoever asks later that Redis was there from the start', async () => {
    const redis = await startRedis()
    try {
      await withRedis(redis.port, async (thymus, lines) => {
        expect(thymus.storeNews()?.state).toBe('connected')
        expect(lines.filter((line) => line.includes('store-connected'))).toHaveLength(1)
        expect(await thymus.metrics.render()).toContain('thymus_store_connected 1')
      })
    } finally {
      await redis.stop()
    }
  })

  it('tells the log that Redis was away from the start', async () => {
    await withRedis(await freePort(), async (thymus, lines) => {
      expect(thymus.storeNews()?.state).toBe('disconnected')
      expect(lines.filter((line) => line.includes('store-disconnected'))).toHaveLength(1)
    })
  })
})

describe('self models', () => {
  it('outlive a reload and a restart, and their training ends with Thymus', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'thymus-app-'))
    const adaptive = { selfModel: { enabled: true, minSamples: 500 } }
    const open = () => createThymus({ dataDir, adaptive, telemetry: { level: 'silent' } })
    try {
      const thymus = await open()
      const rows = ordinaryRows(600)
      for (let row = 0; row < 600; row += 1)
        thymus.parts().selfModels.observe('api GET /', 'api', row % 50, rowOf(rows, row))
      await thymus.parts().selfModels.train()
      const listed = thymus.parts().selfModels.list()
      expect(listed).toMatchObject([{ id: 'm2', verdict: 'current' }, { id: 'm1' }])
      const before = thymus.parts()
      thymus.reload(thymus.config())
      expect(thymus.parts()).not.toBe(before)
      expect(thymus.parts().selfModels.list()).toEqual(listed)
      const training = thymus.parts().selfModels.train()
      await thymus.close()
      await training
      const again = await open()
      expect(again.parts().selfModels.list()).toEqual(listed)
      expect(again.parts().selfModels.judge('api GET /', 'api', rowOf(rows, 0))?.modelId).toBe('m2')
      await again.close()
    } finally {
      await rm(dataDir, { recursive: true })
    }
  }, 60_000)
})
