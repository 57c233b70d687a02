import { createHmac, timingSafeEqual } from 'node:crypto'
import { messageOf } from '../core/errors.ts'
import type { EventListener } from '../core/events.ts'
import type { SnapshotStore } from './record-log.ts'
import type { RedisLine } from './redis-store.ts'

/** A snapshot that is larger stays on its node. */
export const maxSharedSnapshotBytes = 16 * 1_024 * 1_024
const signatureBytes = 32

export type SharedSnapshotOptions = {
  readonly local: SnapshotStore
  readonly line: Pick<RedisLine, 'getBytes' | 'setBytes'>
  readonly secret: string | null
  readonly emit: EventListener
}

/**
 * Snapshots on this node's disk, with the fleet's as what a cold node starts from. The fleet's is the one saved last by
 * any node. With a secret it is signed; one that is not is left alone.
 */
export function shareSnapshots({ local, line, secret, emit }: SharedSnapshotOptions): SnapshotStore {
  const report = (what: string, thrown: unknown): void =>
    emit({ kind: 'fault', layer: 'store', message: `${what}: ${messageOf(thrown)}` })
  return {
    load: async (name) => {
      const own = await local.load(name)
      if (own !== undefined) return own
      try {
        const sealed = await line.getBytes(name)
        return sealed === undefined ? undefined : unseal(name, sealed, secret)
      } catch (thrown) {
        report(`The fleet's snapshot ${name} was not taken`, thrown)
        return undefined
      }
    },
    save: async (name, content) => {
      await local.save(name, content)
      if (content.length > maxSharedSnapshotBytes) return
      await line.setBytes(name, seal(name, content, secret)).catch(() => undefined)
    },
  }
}

function seal(name: string, content: Uint8Array, secret: string | null): Uint8Array {
  return Buffer.concat([signatureOf(name, content, secret), content])
}

function unseal(name: string, sealed: Uint8Array, secret: string | null): Uint8Array {
  if (sealed.length > maxSharedSnapshotBytes + signatureBytes) throw new Error('it is too large')
  const content = sealed.subarray(signatureBytes)
  const given = sealed.subarray(0, signatureBytes)
  if (given.length < signatureBytes) throw new Error('it is cut off')
  if (secret !== null && !timingSafeEqual(given, signatureOf(name, content, secret))) {
    throw new Error('its signature is wrong')
  }
  return new Uint8Array(content)
}

function signatureOf(name: string, content: Uint8Array, secret: string | null): Uint8Array {
  if (secret === null) return new Uint8Array(signatureBytes)
  return createHmac('sha256', secret).update(`${name}\n`).update(content).digest()
}
