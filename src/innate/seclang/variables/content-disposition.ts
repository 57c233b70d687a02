/** Content-Disposition of a part, read as strictly as libmodsecurity does. */
export type Disposition = {
  /** Below 0: why it is refused, with the numbers of the reference. */
  readonly code: number
  /** '' when there is none. */
  readonly name: string
  readonly fileName: string
  readonly hasInvalidQuoting: boolean
  /** Every name and file name that was read, also those that made it fail. */
  readonly names: readonly string[]
  readonly fileNames: readonly string[]
}

type Cursor = {
  readonly text: string
  at: number
  name: string
  fileName: string
  extendedName: string
  hasInvalidQuoting: boolean
  readonly names: string[]
  readonly fileNames: string[]
}

export function readDisposition(value: string): Disposition {
  const cursor: Cursor = {
    text: value,
    at: 9,
    name: '',
    fileName: '',
    extendedName: '',
    hasInvalidQuoting: false,
    names: [],
    fileNames: [],
  }
  const code = value.startsWith('form-data') ? readParameters(cursor) : -1
  const { name, fileName, hasInvalidQuoting, names, fileNames } = cursor
  return { code, name, fileName, hasInvalidQuoting, names, fileNames }
}

function readParameters(cursor: Cursor): number {
  const { text } = cursor
  skipBlank(cursor)
  if (cursor.at >= text.length) return 1
  if (text[cursor.at] !== ';') return -2
  cursor.at += 1
  while (cursor.at < text.length) {
    const code = readParameter(cursor)
    if (code < 0) return code
  }
  return cursor.extendedName !== '' && cursor.fileName === '' ? -21 : 1
}

function readParameter(cursor: Cursor): number {
  const { text } = cursor
  skipBlank(cursor)
  if (cursor.at >= text.length) return -3
  const start = cursor.at
  while (cursor.at < text.length && !'=\t '.includes(text.charAt(cursor.at))) cursor.at += 1
  if (cursor.at >= text.length) return -4
  const name = text.slice(start, cursor.at)
  skipBlank(cursor)
  if (cursor.at >= text.length) return -5
  if (text[cursor.at] !== '=') return -13
  cursor.at += 1
  skipBlank(cursor)
  if (cursor.at >= text.length) return -6
  const code = name === 'filename*' ? readExtended(cursor) : readPlain(cursor, name)
  return code < 0 ? code : readEnd(cursor)
}

function readPlain(cursor: Cursor, name: string): number {
  const quote = cursor.text.charAt(cursor.at)
  const isQuoted = quote === '"' || quote === "'"
  if (quote === "'") cursor.hasInvalidQuoting = true
  const value = isQuoted ? readQuoted(cursor, quote) : readToken(cursor)
  if (typeof value === 'number') return value
  // The reference reads on behind the end of the text here.
  const isUnclosed = isQuoted && cursor.at > cursor.text.length
  if (isUnclosed) cursor.hasInvalidQuoting = true
  const code = takeValue(cursor, name, { value, quote })
  return isUnclosed && code > 0 ? -10 : code
}

function takeValue(
  cursor: Cursor,
  name: string,
  { value, quote }: { readonly value: string; readonly quote: string },
): number {
  if (name !== 'name' && name !== 'filename') return -11
  if (quote !== '"' && value.includes("'")) cursor.hasInvalidQuoting = true
  if (name === 'name') {
    cursor.names.push(value)
    if (cursor.name !== '') return -14
    cursor.name = value
    return 1
  }
  cursor.fileNames.push(value)
  if (cursor.fileName !== '') return -15
  cursor.fileName = value
  return 1
}

function readQuoted(cursor: Cursor, quote: string): string | number {
  const { text } = cursor
  cursor.at += 1
  if (cursor.at >= text.length) return -7
  let value = ''
  let start = cursor.at
  for (; cursor.at < text.length && text[cursor.at] !== quote; cursor.at += 1) {
    if (text[cursor.at] !== '\\') continue
    const next = text[cursor.at + 1]
    if (next === undefined) return -8
    // Only these two can be escaped; other backslashes stay, browsers of old wrote them unescaped.
    if (next !== quote && next !== '\\') continue
    value += text.slice(start, cursor.at)
    start = cursor.at + 1
    cursor.at += 1
  }
  value += text.slice(start, cursor.at)
  cursor.at += 1
  return value
}

function readToken(cursor: Cursor): string {
  const { text } = cursor
  const start = cursor.at
  while (cursor.at < text.length && /[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]/.test(text.charAt(cursor.at))) cursor.at += 1
  return text.slice(start, cursor.at)
}

/** `charset'language'name`, RFC 8187. */
function readExtended(cursor: Cursor): number {
  const { text } = cursor
  const start = cursor.at
  while (cursor.at < text.length && /[0-9A-Za-z!#$%&+\-^_`{}~]/.test(text.charAt(cursor.at))) cursor.at += 1
  if (text[cursor.at] !== "'" || cursor.at === start) return -16
  const languageEnd = text.indexOf("'", cursor.at + 1)
  if (languageEnd === -1) return -17
  cursor.at = languageEnd + 1
  const nameStart = cursor.at
  while (cursor.at < text.length && text[cursor.at] !== ';') {
    if (text[cursor.at] === '%') {
      if (!/^[0-9A-Fa-f]{2}$/.test(text.slice(cursor.at + 1, cursor.at + 3))) return -18
      cursor.at += 3
    } else if (/[0-9A-Za-z!#$&+\-.^_`~]/.test(text.charAt(cursor.at))) cursor.at += 1
    else return -19
  }
  if (cursor.extendedName !== '') return -20
  cursor.extendedName = text.slice(nameStart, cursor.at)
  return 1
}

/** Behind a parameter: the end or a semicolon. */
function readEnd(cursor: Cursor): number {
  const { text } = cursor
  if (cursor.at >= text.length) return 1
  skipBlank(cursor)
  if (cursor.at >= text.length) return 1
  if (text[cursor.at] !== ';') {
    const before = text[cursor.at - 1]
    if (before === '"' || before === "'") cursor.hasInvalidQuoting = true
    return -12
  }
  cursor.at += 1
  return 1
}

function skipBlank(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ' || cursor.text[cursor.at] === '\t') cursor.at += 1
}
