/**
 * Cuts a text into HTML pieces the way browsers do (WHATWG HTML 13.2.5, with what old browsers add: values in
 * back-quotes, `<%`), one at a time, each byte read once. NUL parts attributes like a blank.
 */
export type HtmlContext = 'data' | 'unquoted' | 'single-quoted' | 'double-quoted' | 'back-quoted'

export type HtmlPiece = 'text' | 'tag' | 'end' | 'attribute' | 'value' | 'comment' | 'doctype'

/** What reading goes on with. */
type Place = 'data' | 'in-tag' | 'behind-name' | 'in-value'

/** Where reading stands, with the last piece; one object is used for all texts. */
export type HtmlScan = {
  text: string
  at: number
  place: Place
  piece: HtmlPiece
  start: number
  end: number
}

export const createHtmlScan = (): HtmlScan => ({ text: '', at: 0, place: 'data', piece: 'text', start: 0, end: 0 })

const quotes: Readonly<Record<HtmlContext, string>> = {
  data: '',
  unquoted: '',
  'single-quoted': "'",
  'double-quoted': '"',
  'back-quoted': '`',
}

/** Starts at the place where the text is taken to stand; in quotes the first piece is the rest of a value. */
export function startHtmlScan(scan: HtmlScan, text: string, context: HtmlContext): void {
  scan.text = text
  scan.at = 0
  scan.place = context === 'data' ? 'data' : 'in-tag'
  scan.piece = 'text'
  const quote = quotes[context]
  if (quote !== '') readUpTo(scan, 'value', quote, 0)
}

/** Reads the next piece; false at the end of the text. */
export function nextHtmlPiece(scan: HtmlScan): boolean {
  while (scan.at < scan.text.length) {
    const isThere =
      scan.place === 'data' ? readData(scan) : scan.place === 'in-tag' ? readInTag(scan) : readBehindName(scan)
    if (isThere) return true
  }
  return false
}

const isHtmlBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0

function piece(scan: HtmlScan, kind: HtmlPiece, start: number, end: number, at: number): true {
  scan.piece = kind
  scan.start = start
  scan.end = end
  scan.at = at
  return true
}

/** A piece from `from` up to `ending`, or to the end of the text. */
function readUpTo(scan: HtmlScan, kind: HtmlPiece, ending: string, from: number): true {
  const end = scan.text.indexOf(ending, from)
  return end < 0
    ? piece(scan, kind, from, scan.text.length, scan.text.length)
    : piece(scan, kind, from, end, end + ending.length)
}

/** Text up to the next `<`, and what opens there. */
function readData(scan: HtmlScan): boolean {
  const { text } = scan
  const open = text.indexOf('<', scan.at)
  if (open < 0) {
    scan.at = text.length
    return false
  }
  const code = text.charCodeAt(open + 1)
  if (isNameStart(code)) return readTagName(scan, open + 1, 'tag')
  if (code === 33) return readDeclaration(scan, open + 2)
  if (code === 63) return readUpTo(scan, 'comment', '>', open + 2)
  if (code === 37) return readUpTo(scan, 'comment', '%>', open + 2)
  if (code !== 47) {
    scan.at = open + 1
    return false
  }
  const after = text.charCodeAt(open + 2)
  if (isNameStart(after)) return readTagName(scan, open + 2, 'end')
  if (after === 62 || Number.isNaN(after)) {
    scan.at = open + 3
    return false
  }
  return readUpTo(scan, 'comment', '>', open + 2)
}

const isNameStart = (code: number): boolean => ((code | 32) >= 97 && (code | 32) <= 122) || code === 0

function readTagName(scan: HtmlScan, from: number, kind: 'tag' | 'end'): true {
  const { text } = scan
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 47 || code === 62 || (isHtmlBlank(code) && code !== 0)) break
  }
  scan.place = 'in-tag'
  // An end tag that holds more than its name is written by nobody but who hides a tag from a filter.
  return piece(scan, text.charCodeAt(at) === 62 ? kind : 'tag', from, at, at)
}

/** `<!`: a doctype, a comment, character data, or what browsers take for a comment. */
function readDeclaration(scan: HtmlScan, from: number): boolean {
  const { text } = scan
  if (text.slice(from, from + 7).toLowerCase() === 'doctype') return readUpTo(scan, 'doctype', '>', from + 7)
  if (text.startsWith('[CDATA[', from)) return readUpTo(scan, 'text', ']]>', from + 7)
  if (text.startsWith('--', from)) return readComment(scan, from + 2)
  return readUpTo(scan, 'comment', '>', from)
}

/** A comment ends at `-->` and `-!>`, NUL allowed between. */
function readComment(scan: HtmlScan, from: number): true {
  const { text } = scan
  for (let at = text.indexOf('-', from); at >= 0; ) {
    let next = at + 1
    while (text.charCodeAt(next) === 0) next += 1
    const code = text.charCodeAt(next)
    if (code === 45 || code === 33) {
      let close = next + 1
      while (text.charCodeAt(close) === 0) close += 1
      if (text.charCodeAt(close) === 62) return piece(scan, 'comment', from, at, close + 1)
    }
    at = code === 45 ? next : text.indexOf('-', next)
  }
  return piece(scan, 'comment', from, text.length, text.length)
}

/** Before a name of an attribute: blanks and slashes are nothing, `>` ends the tag. */
function readInTag(scan: HtmlScan): boolean {
  const { text } = scan
  let at = scan.at
  while (at < text.length && (isHtmlBlank(text.charCodeAt(at)) || text.charCodeAt(at) === 47)) at += 1
  scan.at = at
  if (at >= text.length) return false
  if (text.charCodeAt(at) === 62) {
    scan.at = at + 1
    scan.place = 'data'
    return false
  }
  return readAttributeName(scan, at)
}

function readAttributeName(scan: HtmlScan, from: number): true {
  const { text } = scan
  let at = from + 1
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 47 || code === 61 || code === 62 || isHtmlBlank(code)) break
  }
  scan.place = 'behind-name'
  return piece(scan, 'attribute', from, at, at)
}

/** Behind a name: a value where an equals sign follows, with or without blanks. */
function readBehindName(scan: HtmlScan): boolean {
  const { text } = scan
  let at = skipBlanks(text, scan.at)
  scan.place = 'in-tag'
  scan.at = at
  if (text.charCodeAt(at) !== 61) return false
  at = skipBlanks(text, at + 1)
  scan.at = at
  if (at >= text.length) return false
  const quote = text.charAt(at)
  if (quote === '"' || quote === "'" || quote === '`') return readUpTo(scan, 'value', quote, at + 1)
  return readBareValue(scan, at)
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && isHtmlBlank(text.charCodeAt(at))) at += 1
  return at
}

function readBareValue(scan: HtmlScan, from: number): true {
  const { text } = scan
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 62 || (isHtmlBlank(code) && code !== 0)) break
  }
  return piece(scan, 'value', from, at, at)
}
