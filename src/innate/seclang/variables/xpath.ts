import type { XmlDocument } from './xml-document.ts'
import { readPredicate, type XPathPredicate } from './xpath-predicate.ts'

/**
 * The part of XPath 1.0 that rules use: absolute paths of names, `*`, `@name`, `@*` and `text()`, with simple predicates
 * on elements (`readPredicate`).
 */
export type XPath = {
  readonly source: string
  /** Text of each node that is selected, in document order. */
  readonly select: (document: XmlDocument) => readonly string[]
}

type Step = {
  /** `//`: at any depth; `/`: one below. */
  readonly isDescendant: boolean
  readonly kind: 'element' | 'attribute' | 'text'
  /** null: any. */
  readonly name: string | null
  /** Only of elements; all of them must hold. */
  readonly predicates: readonly XPathPredicate[]
}

/** Compiles a path; throws an Error that names what is not supported. */
export function compileXPath(source: string): XPath {
  const steps = readSteps(source)
  return { source, select: (document) => select(document, steps) }
}

function readSteps(source: string): readonly Step[] {
  if (!source.startsWith('/')) throw new Error(`XPath "${source}": a path must start with / or //`)
  const steps: Step[] = []
  let position = 0
  while (position < source.length) {
    const isDescendant = source.startsWith('//', position)
    position += isDescendant ? 2 : 1
    const slash = source.indexOf('/', position)
    const end = slash === -1 ? source.length : slash
    steps.push(readStep(source, source.slice(position, end).trim(), isDescendant))
    position = end
  }
  for (const step of steps.slice(0, -1)) {
    if (step.kind !== 'element') throw new Error(`XPath "${source}": only the last step may be an attribute or text()`)
  }
  return steps
}

function readStep(source: string, text: string, isDescendant: boolean): Step {
  const bracket = text.indexOf('[')
  if (bracket === -1) return readTest(source, text, isDescendant)
  const step = readTest(source, text.slice(0, bracket).trim(), isDescendant)
  const predicates = readPredicates(text.slice(bracket))
  if (predicates === null || step.kind !== 'element') throw new Error(`XPath "${source}": ${unsupported(text)}`)
  return { ...step, predicates }
}

/** `[a][b]`; null when one of them is not supported. */
function readPredicates(text: string): readonly XPathPredicate[] | null {
  const predicates: XPathPredicate[] = []
  let position = 0
  while (position < text.length) {
    const close = text.indexOf(']', position)
    const predicate = text[position] === '[' && close !== -1 ? readPredicate(text.slice(position + 1, close)) : null
    if (predicate === null) return null
    predicates.push(predicate)
    position = close + 1
  }
  return predicates
}

function readTest(source: string, text: string, isDescendant: boolean): Step {
  const predicates: readonly XPathPredicate[] = []
  if (text === '*') return { isDescendant, kind: 'element', name: null, predicates }
  if (text === '@*') return { isDescendant, kind: 'attribute', name: null, predicates }
  if (text === 'text()') return { isDescendant, kind: 'text', name: null, predicates }
  const isAttribute = text.startsWith('@')
  const name = isAttribute ? text.slice(1) : text
  if (/^[A-Za-z_\x80-\xff][-A-Za-z0-9._\x80-\xff]*$/.test(name)) {
    return { isDescendant, kind: isAttribute ? 'attribute' : 'element', name, predicates }
  }
  throw new Error(`XPath "${source}": ${unsupported(text)}`)
}

function unsupported(step: string): string {
  if (step === '') return 'an empty step'
  if (step.includes('[')) return `the predicate of "${step}" is not supported`
  if (step.includes('::')) return `the axis of "${step}" is not supported`
  if (step.includes('(')) return `the function or node test "${step}" is not supported`
  if (step.includes('|')) return `the union "${step}" is not supported; write two XML variables`
  if (step === '.' || step === '..') return `the step "${step}" is not supported`
  if (step.includes(':')) return `the namespace prefix of "${step}" is not supported`
  return `the step "${step}" is not supported`
}

/** Marks: bit 0 of an element: in the set; bit 1: below one that is. Place 0 is the document, element i is i + 1. */
function select(document: XmlDocument, steps: readonly Step[]): readonly string[] {
  let marks = new Uint8Array(document.elements.length + 1)
  marks[0] = 1
  for (const step of steps) {
    spread(document, marks)
    if (step.kind !== 'element') return selectLeaves(document, marks, step)
    marks = stepDown(document, marks, step)
  }
  const texts: string[] = []
  document.elements.forEach((element, index) => {
    if (marks[index + 1] === 1) texts.push(document.text.slice(element.start, element.end))
  })
  return texts
}

function spread(document: XmlDocument, marks: Uint8Array): void {
  document.elements.forEach((element, index) => {
    if (marks[element.parent + 1] !== 0) marks[index + 1] = (marks[index + 1] ?? 0) | 2
  })
}

function stepDown(document: XmlDocument, marks: Uint8Array, step: Step): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(marks.length)
  const holding = step.predicates.map((predicate) => predicate(document))
  document.elements.forEach((element, index) => {
    const isNamed = step.name === null || element.name === step.name
    if (!isNamed || !isReached(marks[element.parent + 1] ?? 0, step)) return
    if (holding.every((held) => held[index] === 1)) next[index + 1] = 1
  })
  return next
}

/** Attributes and texts belong to their owner, or for `//` to anything at or below it. */
function selectLeaves(document: XmlDocument, marks: Uint8Array, step: Step): readonly string[] {
  const texts: string[] = []
  if (step.kind === 'attribute') {
    for (const attribute of document.attributes) {
      const isNamed = step.name === null || attribute.name === step.name
      if (isNamed && isReached(marks[attribute.owner + 1] ?? 0, step)) texts.push(attribute.value)
    }
    return texts
  }
  for (const text of document.texts) {
    if (isReached(marks[text.owner + 1] ?? 0, step)) texts.push(document.text.slice(text.start, text.end))
  }
  return texts
}

const isReached = (mark: number, step: Step): boolean => (step.isDescendant ? mark !== 0 : (mark & 1) === 1)
