/** Shortest run of printable characters that is worth a look in bytes that are no text. */
const minRun = 8
/** Most text that is taken out of one opaque body, in characters. */
const maxText = 16_384

/** The printable ASCII runs of opaque bytes, one a line, as `strings` prints them; text comes back as it is. */
export function printableText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let output = ''
  let runStart = -1
  for (let index = 0; index <= buffer.length && output.length < maxText; index += 1) {
    const code = index < buffer.length ? (buffer[index] ?? 0) : 0
    const isPrintable = (code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13
    if (isPrintable) {
      if (runStart === -1) runStart = index
      continue
    }
    if (runStart !== -1 && index - runStart >= minRun) {
      output += `${output === '' ? '' : '\n'}${buffer.toString('latin1', runStart, index)}`
    }
    runStart = -1
  }
  return output
}
