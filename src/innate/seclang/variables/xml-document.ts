/**
 * An XML document as lists in document order, for XPath. The text of the whole document is one string; the text of an
 * element is a slice of it, however deep the element.
 *
 *   <a x="1">p<b>q</b>r</a>     text: 'pqr'   elements: a 0..3, b 1..2   texts: p, q, r   attributes: x of a
 */
export type XmlDocument = {
  readonly text: string
  readonly elements: readonly XmlElement[]
  readonly attributes: readonly XmlAttribute[]
  readonly texts: readonly XmlTextNode[]
  /** Why the document is not well-formed; null when it is. What was read until then stays. */
  readonly error: string | null
}

export type XmlElement = {
  /** Name without a prefix; null when the element is in a namespace, which a bare name of XPath does not match. */
  readonly name: string | null
  /** As written, with its prefix. */
  readonly fullName: string
  /** Place of the parent in `elements`, -1 for the root. */
  readonly parent: number
  readonly start: number
  end: number
}

export type XmlAttribute = { readonly name: string | null; readonly owner: number; readonly value: string }
export type XmlTextNode = { readonly owner: number; readonly start: number; end: number }

/** Takes what a reader of XML finds and keeps it as such lists. */
export type XmlBuilder = {
  readonly depth: () => number
  readonly openElement: (name: string, attributes: readonly RawAttribute[]) => void
  /** Name of the innermost element, with prefix; undefined when none is open. */
  readonly openName: () => string | undefined
  readonly closeElement: () => void
  readonly addText: (text: string, isCdata: boolean) => void
  /** Ends a run of text, as a comment or an instruction does. */
  readonly endText: () => void
  readonly finish: (error: string | null) => XmlDocument
}

export type RawAttribute = { readonly name: string; readonly value: string }

type Open = { readonly name: string; readonly index: number; readonly hasNamespace: boolean }

export function createXmlBuilder(): XmlBuilder {
  const elements: XmlElement[] = []
  const attributes: XmlAttribute[] = []
  const texts: XmlTextNode[] = []
  const pieces: string[] = []
  const open: Open[] = []
  let length = 0
  let run: XmlTextNode | null = null

  const openElement = (name: string, own: readonly RawAttribute[]): void => {
    run = null
    const parent = open[open.length - 1]
    const declared = own.findLast((attribute) => attribute.name === 'xmlns')
    const hasNamespace = declared === undefined ? parent?.hasNamespace === true : declared.value !== ''
    const index = elements.length
    const isPlain = !hasNamespace && !name.includes(':')
    elements.push({
      name: isPlain ? name : null,
      fullName: name,
      parent: parent?.index ?? -1,
      start: length,
      end: length,
    })
    open.push({ name, index, hasNamespace })
    for (const attribute of own) {
      if (attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:')) continue
      const isBare = !attribute.name.includes(':')
      attributes.push({ name: isBare ? attribute.name : null, owner: index, value: attribute.value })
    }
  }

  const addText = (text: string, isCdata: boolean): void => {
    const owner = open[open.length - 1]
    if (owner === undefined || text === '') return
    pieces.push(text)
    const start = length
    length += text.length
    if (run !== null && !isCdata) {
      run.end = length
      return
    }
    const node = { owner: owner.index, start, end: length }
    texts.push(node)
    run = isCdata ? null : node
  }

  const closeElement = (): void => {
    run = null
    const top = open.pop()
    const element = top === undefined ? undefined : elements[top.index]
    if (element !== undefined) element.end = length
  }

  return {
    depth: () => open.length,
    openName: () => open[open.length - 1]?.name,
    openElement,
    closeElement,
    addText,
    endText: () => {
      run = null
    },
    finish: (error) => {
      while (open.length > 0) closeElement()
      return { text: pieces.join(''), elements, attributes, texts, error }
    },
  }
}
