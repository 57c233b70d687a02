import { ThymusError } from '../core/errors.ts'
import { type GrowingSelfGrams, selfGramBytes } from './self-grams.ts'
import type { SelfStore } from './self-store.ts'

/**
 * Learned state as bytes:
 *
 *   [4 bytes: values behind the grams] [128 KB: self grams] [JSON: profiles and catalogue]
 */
export function saveSelf(store: SelfStore, grams: GrowingSelfGrams): Uint8Array {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(grams.size())
  return Buffer.concat([head, grams.bytes(), store.save()])
}

/** Takes in what `saveSelf` gave. Throws THY_SNAPSHOT and leaves everything as it was when the bytes are damaged. */
export function restoreSelf(content: Uint8Array, store: SelfStore, grams: GrowingSelfGrams): void {
  if (content.length < 4 + selfGramBytes) {
    throw new ThymusError('THY_SNAPSHOT', `the saved self profiles are cut off after ${content.length} bytes`)
  }
  store.restore(content.subarray(4 + selfGramBytes))
  grams.load(content.subarray(4, 4 + selfGramBytes), Buffer.from(content.subarray(0, 4)).readUInt32LE())
}
