import { wideText } from './decode/wide-text.ts'

/** Shortest run of printable characters that is worth a look in bytes that are no text. */
const minRun = 8

/**
 * The printable ASCII runs of opaque bytes, one a line, as `strings` prints them, and what they say in UTF-16 or UTF-32;
 * text comes back as it is. Of all bytes that are given: whoever gives them has a limit, and a second one here would be
 * a place to hide behind.
 */
export function printableText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let output = ''
  let runStart = -1
  for (let index = 0; index <= buffer.length; index += 1) {
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
  const wide = wideText(buffer)
  if (wide === null) return output
  return output === '' ? wide : `${output}\n${wide}`
}
