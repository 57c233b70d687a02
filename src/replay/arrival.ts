import { isIP } from 'node:net'
import { hashText } from '../core/hash.ts'
import type { Arrival } from './record-view.ts'
import type { TrafficRecord } from './traffic-record.ts'

/** Start of recorded time where a file has none: 2024-01-01. Fixed, so that the same file gives the same run. */
export const firstMs = Date.UTC(2024, 0, 1)
const stepMs = 1_000

/** Every record from an address and a second of its own: nobody paces, walks or is held, and nothing leaks. */
export function strangerArrival(index: number): Arrival {
  return { remoteAddress: address(index), receivedAtMs: firstMs + index * stepMs }
}

/** Each client from its own address, at the recorded time; time never runs back. */
export function createClientArrivals(): (record: TrafficRecord) => Arrival {
  let nowMs = Number.NEGATIVE_INFINITY
  return (record) => {
    const fallbackMs = nowMs === Number.NEGATIVE_INFINITY ? firstMs : nowMs + stepMs
    nowMs = Math.max(nowMs, record.tsMs ?? fallbackMs)
    return { remoteAddress: clientAddress(record.client), receivedAtMs: nowMs }
  }
}

/** The recorded address, or one of 10.0.0.0/8 that stands for whatever the client is called. */
export function clientAddress(client: string | null): string {
  if (client === null) return '10.0.0.1'
  return isIP(client) === 0 ? address(hashText(client)) : client
}

function address(number: number): string {
  return `10.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`
}
