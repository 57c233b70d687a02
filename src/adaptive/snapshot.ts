import { z } from 'zod'
import { ThymusError } from '../core/errors.ts'
import { type DetectorRegistry, detectorSchema } from './detector-registry.ts'
import { type GrowingSelfGrams, selfGramBytes } from './self-grams.ts'
import { type SelfStore, selfSchema } from './self-store.ts'

/** What a snapshot is made of and goes back into. */
export type LearnedState = {
  readonly store: SelfStore
  readonly grams: GrowingSelfGrams
  readonly detectors: DetectorRegistry
}

const snapshotSchema = z.strictObject({ self: selfSchema, detectors: z.array(detectorSchema) })

/**
 * Learned state as bytes:
 *
 *   [4 bytes: values behind the grams] [128 KB: self grams] [JSON: profiles, catalogue, detectors]
 */
export function saveSelf({ store, grams, detectors }: LearnedState): Uint8Array {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(grams.size())
  const content = { self: store.content(), detectors: detectors.content() }
  return Buffer.concat([head, grams.bytes(), Buffer.from(JSON.stringify(content))])
}

/** Takes in what `saveSelf` gave. Throws THY_SNAPSHOT and leaves everything as it was when the bytes are damaged. */
export function restoreSelf(bytes: Uint8Array, { store, grams, detectors }: LearnedState): void {
  const jsonStart = 4 + selfGramBytes
  if (bytes.length < jsonStart) {
    throw new ThymusError('THY_SNAPSHOT', `the saved self profiles are cut off after ${bytes.length} bytes`)
  }
  const content = parseContent(bytes.subarray(jsonStart))
  store.restore(content.self)
  detectors.restore(content.detectors)
  grams.load(bytes.subarray(4, jsonStart), Buffer.from(bytes.subarray(0, 4)).readUInt32LE())
}

function parseContent(json: Uint8Array): z.output<typeof snapshotSchema> {
  try {
    return snapshotSchema.parse(JSON.parse(Buffer.from(json).toString('utf8')))
  } catch (cause) {
    throw new ThymusError('THY_SNAPSHOT', 'the saved self profiles are damaged or of another version', { cause })
  }
}
