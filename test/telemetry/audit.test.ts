import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { configSchema } from '../../src/config/schema.ts'
import { createManualClock } from '../../src/core/clock.ts'
import { createEventBus, type ThymusEvent } from '../../src/core/events.ts'
import { auditPath, createAudit } from '../../src/telemetry/audit.ts'
import { findReference } from '../../src/telemetry/find-reference.ts'
import { exchangeWith, findingOf } from '../support/exchanges.ts'

const telemetry = configSchema.parse({}).telemetry
let dataDir = ''

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'thymus-audit-'))
})
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true })
})

function createScene(options: { config?: Partial<typeof telemetry>; maxBytes?: number; dir?: string } = {}) {
  const bus = createEventBus()
  const printed: string[] = []
  const audit = createAudit({
    config: { ...telemetry, ...options.config },
    dataDir: options.dir ?? dataDir,
    bus,
    clock: createManualClock(1_700_000_000_000),
    output: { write: (line) => printed.push(line) },
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  })
  const emit = (...events: ThymusEvent[]): void => {
    for (const event of events) bus.emit(event)
  }
  return { audit, emit, printed }
}

async function keptLines(path = auditPath(dataDir)): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line))
}

function denied(referenceId: string, reason = 'The value holds a union select.'): ThymusEvent {
  const findings = [findingOf({ layer: 'adaptive', source: 'd-7', score: 0.7 }), findingOf({ reason })]
  return {
    kind: 'exchange',
    exchange: exchangeWith({ kind: 'deny', status: 403, because: 'attack', referenceId, findings }),
  }
}

describe('audit log', () => {
  it('writes one ECS line per refusal, to the output and to the file', async () => {
    const { audit, emit, printed } = createScene()
    emit(denied('ref-7'))
    await audit.close()
    const [line] = await keptLines()
    expect(line).toMatchObject({
      '@timestamp': '2023-11-14T22:13:20.000Z',
      'log.level': 'warn',
      'ecs.version': '8.11.0',
      'event.kind': 'alert',
      'event.category': ['web', 'intrusion_detection'],
      'event.type': ['denied'],
      'event.action': 'request-deny',
      'event.outcome': 'failure',
      'event.duration': 12_500_000,
      'http.request.method': 'GET',
      'http.response.status_code': 403,
      'url.path': '/orders/{int}',
      'client.user.id': 'address:198.51.100.7',
      'rule.id': 'sqli-110',
      'threat.indicator.confidence': 'High',
      'thymus.reference_id': 'ref-7',
      'thymus.anomaly_score': 0.9,
      'thymus.verdict': 'deny',
      'thymus.detector_id': 'sqli-110',
      'thymus.refusal_reason': 'attack',
      message: 'GET /orders/{int} was refused: The value holds a union select.',
    })
    expect(line?.['thymus.findings']).toHaveLength(2)
    expect(printed).toHaveLength(1)
    expect(JSON.parse(printed[0] ?? '')).toEqual(line)
  })

  it('writes a line for every kind of event, and none for exchanges about which nobody said anything', async () => {
    const { audit, emit } = createScene({ config: { level: 'silent' } })
    const events: ThymusEvent[] = [
      { kind: 'exchange', exchange: exchangeWith({ kind: 'allow' }) },
      { kind: 'exchange', exchange: exchangeWith({ kind: 'allow', findings: [findingOf({ shadow: true })] }) },
      { kind: 'exchange', exchange: exchangeWith({ kind: 'slow', status: 429, retryAfterMs: 2_000 }) },
      { kind: 'fault', layer: 'adaptive', message: 'out of range' },
      { kind: 'profile-state', service: 'api', route: '/orders', state: 'mature', detail: '300 values.' },
      { kind: 'hold', clientId: 'c', rung: 'isolated', reason: 'Two kinds.', untilMs: 1_700_000_300_000 },
      { kind: 'release', clientId: 'c', by: 'ada', reason: 'a customer' },
      { kind: 'cell', cellId: 'cell-1', change: 'born', reason: 'confirmed' },
      { kind: 'breaker', subject: 'innate:sqli-110', reason: 'too many' },
      { kind: 'store', state: 'disconnected', detail: 'ECONNREFUSED' },
      { kind: 'admin', actor: 'ada', action: 'tolerate', subject: 'api GET /orders' },
    ]
    emit(...events)
    await audit.close()
    expect((await keptLines()).map((line) => line['event.action'])).toEqual([
      'request-allow',
      'request-slow',
      'fault',
      'profile-state',
      'client-held',
      'client-released',
      'cell-born',
      'breaker-opened',
      'store-disconnected',
      'admin-tolerate',
    ])
    expect(events).toHaveLength(11)
  })

  it('prints by level but keeps everything in the file', async () => {
    const { audit, emit, printed } = createScene({ config: { level: 'error' } })
    emit(denied('ref-1'), { kind: 'fault', layer: 'store', message: 'gone' })
    await audit.close()
    expect(printed).toHaveLength(1)
    expect(await keptLines()).toHaveLength(2)
  })

  it('cannot be made to write a second line, a control character or a turned text', async () => {
    const { audit, emit } = createScene()
    const forged = 'x\n{"log.level":"info"}\r\u001b[2J\u202e\u2028"end'
    emit(denied('ref-1', forged), { kind: 'release', clientId: forged, by: forged, reason: forged })
    audit.log('info', 'started', { note: 'plain' })
    await audit.close()
    const text = await readFile(auditPath(dataDir), 'utf8')
    expect(text.trimEnd().split('\n')).toHaveLength(3)
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u)
    for (const line of await keptLines()) expect(line['message']).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u)
  })

  it('moves the file on at its size and keeps a bounded number of older ones, in order', async () => {
    const { audit, emit } = createScene({ maxBytes: 4_000, config: { level: 'silent' } })
    for (let number = 0; number < 40; number += 1) {
      emit(denied(`ref-${number}`))
      await audit.flush()
    }
    await audit.close()
    const files = (await readdir(dataDir)).sort()
    expect(files).toEqual([
      'audit.1.jsonl',
      'audit.2.jsonl',
      'audit.3.jsonl',
      'audit.4.jsonl',
      'audit.5.jsonl',
      'audit.jsonl',
    ])
    for (const file of files) expect((await readFile(join(dataDir, file))).length).toBeLessThanOrEqual(4_000)
    const older = await keptLines(join(dataDir, 'audit.1.jsonl'))
    const newer = await keptLines()
    expect(newer.at(-1)?.['thymus.reference_id']).toBe('ref-39')
    const numberOf = (line: Record<string, unknown> | undefined): number =>
      Number(String(line?.['thymus.reference_id']).slice(4))
    expect(numberOf(older.at(-1)) + 1).toBe(numberOf(newer[0]))
  })

  it('goes on after a file that cannot be written, counts what is lost and says so once', async () => {
    const dir = join(dataDir, 'missing')
    const { audit, emit, printed } = createScene({ dir })
    for (let number = 0; number < 5; number += 1) {
      emit(denied(`ref-${number}`))
      await audit.flush()
    }
    expect(audit.lost()).toBe(5)
    expect(printed.filter((line) => line.includes('audit-lost'))).toHaveLength(1)
    await mkdir(dir)
    emit(denied('ref-later'))
    await audit.close()
    expect(audit.lost()).toBe(5)
    expect((await keptLines(auditPath(dir))).map((line) => line['thymus.reference_id'])).toEqual(['ref-later'])
  })

  it('keeps no file when it is told so', async () => {
    const { audit, emit } = createScene({ config: { auditFile: false } })
    emit(denied('ref-1'))
    await audit.close()
    expect(await readdir(dataDir)).toEqual([])
  })
})

describe('standard output', () => {
  it('may go away without ending the process', async () => {
    const audit = new URL('../../src/telemetry/audit.ts', import.meta.url).href
    const script = `
      const { createAudit } = await import(${JSON.stringify(audit)})
      const config = { level: 'info', auditFile: false, recentFindings: 1 }
      const log = createAudit({ config, dataDir: '.', bus: { subscribe: () => () => {} }, clock: { now: () => 0 } })
      for (let round = 0; round < 20; round += 1) {
        log.log('info', 'x'.repeat(20_000))
        await new Promise((done) => setTimeout(done, 5))
      }
      process.exit(7)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.destroy()
    expect(await new Promise((done) => child.on('exit', done))).toBe(7)
  })
})

describe('finding a reference', () => {
  it('reads a case back from the newest and the older files', async () => {
    const { audit, emit } = createScene({ maxBytes: 4_000, config: { level: 'silent' } })
    for (let number = 0; number < 12; number += 1) {
      emit(denied(`ref-${number}`))
      await audit.flush()
    }
    await audit.close()
    for (const wanted of ['ref-11', 'ref-4', 'ref-1'])
      expect(await findReference(auditPath(dataDir), wanted)).toMatchObject({
        'thymus.reference_id': wanted,
        'thymus.verdict': 'deny',
      })
  })

  it('refuses an unknown id and a missing file with THY_REFERENCE', async () => {
    await expect(findReference(auditPath(dataDir), 'ref-1')).rejects.toMatchObject({ code: 'THY_REFERENCE' })
    const { audit, emit } = createScene()
    emit(denied('ref-10', 'mentions "ref-1" only'))
    await audit.close()
    await expect(findReference(auditPath(dataDir), 'ref-1')).rejects.toThrow(
      /no finding carries the reference id "ref-1"/,
    )
  })

  it('steps over lines that a crash has cut', async () => {
    const whole = JSON.stringify({ 'thymus.reference_id': 'ref-1' })
    await writeFile(auditPath(dataDir), `{"thymus.reference_id":"ref-1\n["ref-1"]\n${whole}\n{"thymus.ref`)
    expect(await findReference(auditPath(dataDir), 'ref-1')).toEqual({ 'thymus.reference_id': 'ref-1' })
  })
})
