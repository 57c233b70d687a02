import type { XmlDocument } from './xml-document.ts'

/** Which elements of a document hold a predicate: 1 at the place of each. Linear in the document. */
export type XPathPredicate = (document: XmlDocument) => Uint8Array

/** `[text()]`, `[@name]`, `[@name='value']`, `[local-name()='name']`, `[name()='name']`, `[name]`; null for any other. */
export function readPredicate(text: string): XPathPredicate | null {
  const content = text.trim()
  if (content === 'text()') return (document) => mark(document, document.texts)
  const named = /^(local-name|name)\s*\(\s*\)\s*=\s*(?:"([^"]*)"|'([^']*)')$/.exec(content)
  if (named !== null) return hasName(named[2] ?? named[3] ?? '', named[1] === 'local-name')
  const attribute = /^@(\*|[A-Za-z_][-A-Za-z0-9._]*)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'))?$/.exec(content)
  if (attribute !== null) return hasAttribute(attribute[1] ?? '', attribute[2] ?? attribute[3] ?? null)
  return /^[A-Za-z_][-A-Za-z0-9._]*$/.test(content) ? hasChild(content) : null
}

function mark(document: XmlDocument, nodes: readonly { readonly owner: number }[]): Uint8Array {
  const marks = new Uint8Array(document.elements.length)
  for (const { owner } of nodes) marks[owner] = 1
  return marks
}

function hasAttribute(name: string, value: string | null): XPathPredicate {
  return (document) =>
    mark(
      document,
      document.attributes.filter(
        (attribute) => (name === '*' || attribute.name === name) && (value === null || attribute.value === value),
      ),
    )
}

function hasName(name: string, isLocal: boolean): XPathPredicate {
  return ({ elements }) =>
    Uint8Array.from(elements, ({ fullName }) => {
      return (isLocal ? fullName.slice(fullName.indexOf(':') + 1) : fullName) === name ? 1 : 0
    })
}

function hasChild(name: string): XPathPredicate {
  return (document) => {
    const children = document.elements.filter((element) => element.name === name && element.parent !== -1)
    return mark(
      document,
      children.map(({ parent }) => ({ owner: parent })),
    )
  }
}
