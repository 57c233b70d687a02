/** Which byte stands for a character beyond one byte, as SecUnicodeMapFile says for one code page. */
export type UnicodeMap = ReadonlyMap<number, number>

const codePageLine = /^(\d+)(?:\s|$)/
const pair = /^([0-9a-fA-F]{1,4}):([0-9a-fA-F]{2})$/

/** Reads the map of one code page: a line with its number, then lines of `HHHH:HH`. Throws when the page is not there. */
export function parseUnicodeMap(text: string, codePage: number): UnicodeMap {
  const map = new Map<number, number>()
  let isWanted = false
  let isFound = false
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    const page = codePageLine.exec(line)
    if (page !== null && !line.includes(':')) {
      isWanted = Number(page[1]) === codePage
      isFound ||= isWanted
    } else if (isWanted && !line.startsWith('#')) {
      for (const word of line.split(/\s+/)) {
        const match = pair.exec(word)
        if (match !== null) map.set(Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16))
      }
    }
  }
  if (!isFound) throw new Error(`the unicode map has no code page ${codePage}`)
  return map
}
