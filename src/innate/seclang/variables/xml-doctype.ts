/** What a document type says that matters for well-formedness. Nothing is loaded and nothing is expanded. */
export type Doctype = {
  /** Behind the closing `>`; -1 when it does not end. */
  readonly end: number
  /** General entities that are declared. */
  readonly entities: ReadonlySet<string>
  /** There may be more declarations elsewhere, so an unknown entity is no error. */
  readonly isOpen: boolean
}

const failed: Doctype = { end: -1, entities: new Set(), isOpen: false }

/** Reads from `<!DOCTYPE` at `start`, stepping over quotes, comments and instructions. */
export function readDoctype(text: string, start: number): Doctype {
  const scan: Scan = { text, position: start + '<!DOCTYPE'.length, entities: new Set(), isOpen: false }
  if (!scanOutside(scan)) return failed
  if (text.charAt(scan.position) === '[') {
    if (!scanSubset(scan) || !scanOutside(scan) || text.charAt(scan.position) === '[') return failed
  }
  return { end: scan.position + 1, entities: scan.entities, isOpen: scan.isOpen }
}

type Scan = { readonly text: string; position: number; readonly entities: Set<string>; isOpen: boolean }

/** Goes to the `[` or `>` outside of the internal subset. */
function scanOutside(scan: Scan): boolean {
  const { text } = scan
  for (; scan.position < text.length; scan.position += 1) {
    const mark = text.charAt(scan.position)
    if (mark === '>' || mark === '[') return true
    if (mark === '<') return false
    if ((mark === 'S' || mark === 'P') && isExternal(text, scan.position)) scan.isOpen = true
    if ((mark === '"' || mark === "'") && !stepTo(scan, quoteEnd(text, scan.position))) return false
  }
  return false
}

/** Goes behind the `]` that ends the internal subset. */
function scanSubset(scan: Scan): boolean {
  const { text } = scan
  for (scan.position += 1; scan.position < text.length; scan.position += 1) {
    const mark = text.charAt(scan.position)
    if (mark === ']') {
      scan.position += 1
      return true
    }
    if (mark === '%') scan.isOpen = true
    if (mark === '<' && !stepTo(scan, declarationEnd(text, scan.position, scan.entities))) return false
  }
  return false
}

function stepTo(scan: Scan, place: number): boolean {
  if (place === -1) return false
  scan.position = place
  return true
}

const isExternal = (text: string, at: number): boolean =>
  /\s/.test(text.charAt(at - 1)) && (text.startsWith('SYSTEM', at) || text.startsWith('PUBLIC', at))

/** Place of the closing quote. */
const quoteEnd = (text: string, at: number): number => text.indexOf(text.charAt(at), at + 1)

/** Place of the last character of what starts at `<` in the internal subset. */
function declarationEnd(text: string, at: number, entities: Set<string>): number {
  if (text.startsWith('<!--', at)) return endOf(text, '-->', at + 4)
  if (text.startsWith('<?', at)) return endOf(text, '?>', at + 2)
  if (!text.startsWith('<!', at)) return -1
  if (text.startsWith('<!ENTITY', at)) {
    const name = /^\s+([^\s%"'<>]+)\s/.exec(text.slice(at + 8, at + 264))?.[1]
    if (name !== undefined) entities.add(name)
  }
  for (let position = at + 2; position < text.length; position += 1) {
    const mark = text.charAt(position)
    if (mark === '>') return position
    if (mark === '<') return -1
    if (mark === '"' || mark === "'") {
      position = quoteEnd(text, position)
      if (position === -1) return -1
    }
  }
  return -1
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? -1 : at + mark.length - 1
}
