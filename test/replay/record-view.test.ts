import { describe, expect, it } from '@jest/globals'
import { clientAddress, createClientArrivals, strangerArrival } from '../../src/replay/arrival.ts'
import { recordedHeader, toRequestView } from '../../src/replay/record-view.ts'
import type { RecordedRequest, TrafficRecord } from '../../src/replay/traffic-record.ts'

const arrival = { remoteAddress: '10.0.0.1', receivedAtMs: 5 }

function viewOf(request: Partial<Extract<RecordedRequest, { kind: 'parts' }>>) {
  const result = toRequestView(
    { kind: 'parts', method: 'GET', target: '/', rawHeaders: [], body: null, ...request },
    arrival,
  )
  if (result.kind !== 'view') throw new Error(result.reason)
  return result.view
}

describe('toRequestView', () => {
  it('adds a Host only where there is none', () => {
    expect(viewOf({}).rawHeaders).toEqual(['Host', 'localhost'])
    expect(viewOf({ rawHeaders: ['HOST', 'x'] }).rawHeaders).toEqual(['HOST', 'x'])
  })

  it('makes the Content-Length true and leaves chunked bodies alone', () => {
    const body = Buffer.from('four')
    expect(viewOf({ body, rawHeaders: ['Host', 'x', 'content-length', '99'] }).rawHeaders).toEqual([
      'Host',
      'x',
      'content-length',
      '4',
    ])
    expect(viewOf({ body, rawHeaders: ['Host', 'x'] }).rawHeaders).toEqual(['Host', 'x', 'Content-Length', '4'])
    expect(viewOf({ body, rawHeaders: ['Host', 'x', 'Transfer-Encoding', 'chunked'] }).rawHeaders).toHaveLength(4)
  })

  it('has no body where the recorded one is empty', () => {
    expect(viewOf({ body: Buffer.alloc(0) }).body).toBeNull()
  })

  it('takes raw bytes as they are, and says when they are no request', () => {
    const raw = (text: string) => toRequestView({ kind: 'raw', bytes: Buffer.from(text) }, arrival)
    expect(raw('GET /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc')).toMatchObject({
      kind: 'view',
      view: { target: '/a', rawHeaders: ['Content-Length', '9'], isBodyCut: false, ...arrival },
    })
    expect(raw('what').kind).toBe('unreadable')
  })

  it('finds a header in raw bytes and in parts', () => {
    expect(recordedHeader({ kind: 'raw', bytes: Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n') }, 'host')).toBe('a')
    expect(recordedHeader({ kind: 'raw', bytes: Buffer.from('') }, 'host')).toBeNull()
    expect(recordedHeader({ kind: 'parts', method: 'GET', target: '/', rawHeaders: [], body: null }, 'host')).toBeNull()
  })
})

describe('arrivals', () => {
  it('give every stranger an address and a second of its own', () => {
    const all = Array.from({ length: 1_000 }, (_item, index) => strangerArrival(index))
    expect(new Set(all.map((one) => one.remoteAddress)).size).toBe(1_000)
    expect(all[999]?.receivedAtMs).toBe((all[0]?.receivedAtMs ?? 0) + 999_000)
  })

  it('keep a client at its address and never let time run back', () => {
    const arrivalOf = createClientArrivals()
    const at = (client: string | null, tsMs: number | null) => arrivalOf({ client, tsMs } as TrafficRecord)
    expect(at('192.0.2.7', 5_000)).toEqual({ remoteAddress: '192.0.2.7', receivedAtMs: 5_000 })
    expect(at('2001:db8::1', 4_000)).toEqual({ remoteAddress: '2001:db8::1', receivedAtMs: 5_000 })
    expect(at('session=1', null).receivedAtMs).toBe(6_000)
    expect(clientAddress('session=1')).toBe(clientAddress('session=1'))
    expect(clientAddress('session=1')).toMatch(/^10\.\d+\.\d+\.\d+$/)
  })
})
