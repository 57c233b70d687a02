/** A line with its end, or a piece of one that is too long. */
export type Line = {
  start: number
  end: number
  /** Starts behind a line end, or at the beginning. */
  isLineStart: boolean
  /** Fills the whole buffer of the reference, which header lines must not. */
  isFull: boolean
  /** The line before ended in a bare LF. */
  isAfterLf: boolean
}

/** Bytes that the reference looks at together; an over-long line comes in pieces of this size. */
const maxPiece = 4_096

/**
 * Steps to the next line; false when no whole line or full piece is left. `line` is used again and again. Each byte is
 * looked at once: the next line end is remembered over the pieces of one line.
 */
export function createLineSteps(text: string): { readonly line: Line; readonly next: () => boolean } {
  const line: Line = { start: 0, end: 0, isLineStart: true, isFull: false, isAfterLf: false }
  let lineEnd = -1
  const next = (): boolean => {
    const start = line.end
    if (start > 0) {
      line.isLineStart = text.charCodeAt(start - 1) === 0x0a
      line.isAfterLf = line.isLineStart && text.charCodeAt(start - 2) !== 0x0d
    }
    if (lineEnd < start) {
      const found = text.indexOf('\n', start)
      lineEnd = found === -1 ? text.length : found
    }
    const hasEnd = lineEnd < text.length
    const length = (hasEnd ? lineEnd + 1 : lineEnd) - start
    if (length < maxPiece && !hasEnd) return false
    // A piece never ends between CR and LF.
    const isCut = length > maxPiece || !hasEnd
    const piece = isCut && text.charCodeAt(start + maxPiece - 1) === 0x0d ? maxPiece - 1 : maxPiece
    line.start = start
    line.end = start + Math.min(length, isCut ? piece : length)
    line.isFull = isCut || length === maxPiece
    return true
  }
  return { line, next }
}
