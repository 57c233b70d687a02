/**
 * Text in UTF-16 or UTF-32, told by its byte order mark or by where its zero bytes stand (RFC 4627, 3: JSON and XML begin
 * with ASCII characters); `null` when the bytes are neither. Parsers on the JVM and .NET read such bodies whatever the
 * Content-Type says.
 */
export function wideText(source: Uint8Array): string | null {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  const unit = unitOf(bytes)
  if (unit === null) return null
  const text = unit.width === 2 ? readUtf16(bytes, unit.isBigEndian) : readUtf32(bytes, unit.isBigEndian)
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

type Unit = { readonly width: 2 | 4; readonly isBigEndian: boolean }

const unitsByStart: readonly (readonly [isStart: (start: readonly number[]) => boolean, unit: Unit])[] = [
  [(start) => isFourBytes(start, [0xff, 0xfe, 0, 0]), { width: 4, isBigEndian: false }],
  [(start) => isFourBytes(start, [0, 0, 0xfe, 0xff]), { width: 4, isBigEndian: true }],
  [([a, b]) => a === 0xff && b === 0xfe, { width: 2, isBigEndian: false }],
  [([a, b]) => a === 0xfe && b === 0xff, { width: 2, isBigEndian: true }],
  [([a, b, c, d]) => isText(a) && b === 0 && c === 0 && d === 0, { width: 4, isBigEndian: false }],
  [([a, b, c, d]) => a === 0 && b === 0 && c === 0 && isText(d), { width: 4, isBigEndian: true }],
  [([a, b]) => isText(a) && b === 0, { width: 2, isBigEndian: false }],
  [([a, b]) => a === 0 && isText(b), { width: 2, isBigEndian: true }],
]

function unitOf(bytes: Buffer): Unit | null {
  if (bytes.length < 2) return null
  const [first = 0, second = 0] = bytes
  if (first !== 0 && second !== 0 && first < 0xfe) return null
  const start = [...bytes.subarray(0, 4)]
  return unitsByStart.find(([isStart]) => isStart(start))?.[1] ?? null
}

const isFourBytes = (start: readonly number[], wanted: readonly number[]): boolean =>
  wanted.every((byte, index) => start[index] === byte)

/** Printable ASCII and blank space, with which text begins. */
function isText(code: number | undefined): boolean {
  return code !== undefined && ((code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13)
}

function readUtf16(bytes: Buffer, isBigEndian: boolean): string {
  const whole = bytes.subarray(0, bytes.length & ~1)
  return isBigEndian ? Buffer.from(whole).swap16().toString('utf16le') : whole.toString('utf16le')
}

const replacement = 0xfffd

function readUtf32(bytes: Buffer, isBigEndian: boolean): string {
  let text = ''
  for (let index = 0; index + 4 <= bytes.length; index += 4) {
    const code = isBigEndian ? bytes.readUInt32BE(index) : bytes.readUInt32LE(index)
    text += String.fromCodePoint(code > 0x10_ffff ? replacement : code)
  }
  return text
}
