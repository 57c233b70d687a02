import { z } from 'zod'
import { messageOf, ThymusError } from '../core/errors.ts'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
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

/** Tells a snapshot of this form from older ones and from anything else: "THY" and the number of the form. */
const signature = 0x54485903

/**
 * Learned state as bytes:
 *
 *   [4: signature] [4: values behind the grams] [128 KB: self grams]
 *   [4: length] [JSON: catalogue, names of services, tails, detectors] [profiles, as they lie in memory]
 */
export function saveSelf({ store, grams, detectors }: LearnedState): Uint8Array {
  const writer = new ByteWriter()
  const json = Buffer.from(JSON.stringify({ self: store.content(), detectors: detectors.content() }))
  writer.u32(signature)
  writer.u32(grams.size())
  writer.array(grams.bytes())
  writer.u32(json.length)
  writer.array(json)
  store.write(writer)
  return writer.finish()
}

/** Takes in what `saveSelf` gave. Throws THY_SNAPSHOT and leaves everything as it was when the bytes are damaged. */
export function restoreSelf(bytes: Uint8Array, { store, grams, detectors }: LearnedState): void {
  try {
    const reader = new ByteReader(bytes)
    if (reader.u32() !== signature) throw new RangeError('another form')
    const values = reader.u32()
    const gramBytes = reader.take(selfGramBytes)
    const json = Buffer.from(reader.take(reader.u32())).toString('utf8')
    const content = snapshotSchema.parse(JSON.parse(json))
    store.restore(content.self, reader)
    detectors.restore(content.detectors)
    grams.load(gramBytes, values)
  } catch (cause) {
    const message = `the saved self profiles are damaged or of another version: ${messageOf(cause)}`
    throw new ThymusError('THY_SNAPSHOT', message, { cause })
  }
}
