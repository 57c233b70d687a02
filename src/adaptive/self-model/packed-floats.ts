import { ThymusError } from '../../core/errors.ts'

/**
 * Values with typed arrays in them as bytes, so that ten thousand vectors are not written as decimal text:
 *
 *   [4 bytes: length of the JSON] [JSON, each array as {"floats": [start, length]}] [all floats, little endian]
 */
export function packFloats(content: unknown): Uint8Array {
  const arrays: Float32Array[] = []
  let floats = 0
  const json = JSON.stringify(content, (_, value: unknown) => {
    if (!(value instanceof Float32Array)) return value
    arrays.push(value)
    floats += value.length
    return { floats: [floats - value.length, value.length] }
  })
  const text = Buffer.from(json)
  const bytes = Buffer.alloc(4 + text.length + floats * 4)
  bytes.writeUInt32LE(text.length)
  text.copy(bytes, 4)
  let at = 4 + text.length
  for (const array of arrays) {
    bytes.set(littleEndian(array), at)
    at += array.length * 4
  }
  return bytes
}

/** What `packFloats` wrote, unchecked but for its frame. Throws THY_SNAPSHOT. */
export function unpackFloats(bytes: Uint8Array, what: string): unknown {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const textLength = buffer.readUInt32LE(0)
    const tail = buffer.subarray(4 + textLength)
    if (4 + textLength > buffer.length || tail.length % 4 !== 0) throw new RangeError('it is cut off')
    const all = littleEndian(new Float32Array(Uint8Array.from(tail).buffer))
    const floats = new Float32Array(all.buffer, 0, tail.length / 4)
    return JSON.parse(buffer.toString('utf8', 4, 4 + textLength), (_, value: unknown) => revive(value, floats))
  } catch (cause) {
    throw new ThymusError('THY_SNAPSHOT', `${what} are damaged or of another version`, { cause })
  }
}

function revive(value: unknown, floats: Float32Array): unknown {
  const place = typeof value === 'object' && value !== null ? (value as { floats?: unknown }).floats : undefined
  if (!Array.isArray(place)) return value
  const [start, length] = place as unknown[]
  const isWithin = Number.isInteger(start) && Number.isInteger(length) && Number(start) >= 0 && Number(length) >= 0
  if (!isWithin || Number(start) + Number(length) > floats.length) throw new RangeError('an array is outside')
  return floats.slice(Number(start), Number(start) + Number(length))
}

const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The bytes of an array in little-endian order. */
function littleEndian(array: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(array.byteLength)
  bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
  if (!isLittle) for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse()
  return bytes
}
