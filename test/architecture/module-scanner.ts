/**
 * Reads a TypeScript file as text: what it imports, what it exports, and its code without comments and strings. Knows
 * as much of the grammar as that takes. It must not be cleverer than its own tests.
 */

export type ImportEdge = {
  readonly specifier: string
  readonly isType: boolean
  readonly line: number
}

export type ScannedModule = {
  readonly imports: readonly ImportEdge[]
  /** Names of everything exported, types included; `*` for a star and `default` for a default export. */
  readonly exports: readonly string[]
  /** True when something is exported that stands in another file. */
  readonly hasReExports: boolean
  /** The text with every comment, string, template and regular expression blanked, line by line as before. */
  readonly code: string
  /** The text with comments blanked only. */
  readonly uncommented: string
  /** Comment that opens the file, without its marks; empty when there is none. */
  readonly heading: string
}

export function scanModule(text: string): ScannedModule {
  const { code, uncommented } = mask(text)
  return {
    imports: findImports(code, uncommented),
    exports: findExports(code),
    hasReExports: /^\s*export\s+(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?)\s*from\s/m.test(code),
    code,
    uncommented,
    heading: readHeading(text),
  }
}

/** Blanks what is not code. Both results have the length and the lines of the text. */
function mask(text: string): { code: string; uncommented: string } {
  const code = [...text.replace(/[^\n]/gu, (character) => ' '.repeat(character.length))]
  const uncommented = [...code]
  let index = 0
  while (index < text.length) {
    const end = endOfToken(text, index)
    const kind = kindAt(text, index)
    for (let at = index; at < end; at += 1) {
      const character = text[at] ?? ''
      if (kind === 'code') code[at] = character
      if (kind !== 'comment') uncommented[at] = character
    }
    // Quotes stay, so that an import can be found in the code and its specifier read from the text.
    if (kind === 'text' && end - index > 1) {
      code[index] = "'"
      code[end - 1] = "'"
    }
    index = end
  }
  return { code: code.join(''), uncommented: uncommented.join('') }
}

type Kind = 'code' | 'comment' | 'text'

function kindAt(text: string, index: number): Kind {
  const two = text.slice(index, index + 2)
  if (two === '//' || two === '/*') return 'comment'
  if (`'"\``.includes(text[index] ?? '-') || isRegExpStart(text, index)) return 'text'
  return 'code'
}

function endOfToken(text: string, index: number): number {
  const two = text.slice(index, index + 2)
  if (two === '//') return endOr(text, text.indexOf('\n', index))
  if (two === '/*') return endOr(text, text.indexOf('*/', index + 2) + 2, 1)
  const character = text[index] ?? ''
  if (character === "'" || character === '"') return endOfQuoted(text, index, { quote: character, spansLines: false })
  if (character === '`') return endOfQuoted(text, index, { quote: '`', spansLines: true })
  if (isRegExpStart(text, index)) return endOfRegExp(text, index)
  return index + 1
}

function endOr(text: string, end: number, missing = -1): number {
  return end <= missing ? text.length : end
}

function endOfQuoted(
  text: string,
  start: number,
  { quote, spansLines }: { quote: string; spansLines: boolean },
): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text[index]
    if (character === '\\') index += 1
    else if (character === quote) return index + 1
    else if (character === '\n' && !spansLines) return index
  }
  return text.length
}

/** A slash divides after a value; after an operator, a bracket or `return` it starts a regular expression. */
function isRegExpStart(text: string, index: number): boolean {
  if (text[index] !== '/' || '/*'.includes(text[index + 1] ?? ' ')) return false
  const before = text.slice(Math.max(0, index - 40), index).trimEnd()
  return before === '' || /(?:[=(,:[!&|?{};<>+]|\breturn|\bof|\bin|\bcase)$/.test(before)
}

function endOfRegExp(text: string, start: number): number {
  let isInClass = false
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text[index]
    if (character === '\n') return start + 1
    if (character === '\\') index += 1
    else if (character === '[') isInClass = true
    else if (character === ']') isInClass = false
    else if (character === '/' && !isInClass) return index + 1
  }
  return start + 1
}

/** Static imports and re-exports, dynamic imports, and code named by `new URL`; other files named so are data. */
const importForms = [
  /\b(import|export)\s+(type\s+)?(?:[^;'()=]*?\bfrom\s*)?(?=')/g,
  /\bimport\s*\(\s*(?=')/g,
  /\bnew\s+URL\s*\(\s*(?='[^']*'\s*,\s*import\.meta\.url)/g,
]

function findImports(code: string, uncommented: string): ImportEdge[] {
  const edges: ImportEdge[] = []
  for (const [form, pattern] of importForms.entries()) {
    for (const match of code.matchAll(pattern)) {
      const at = match.index + match[0].length
      const specifier = uncommented.slice(at + 1, code.indexOf("'", at + 1))
      if (form === 2 && !/^\..*(?:\.worker\b|\.[mc]?[jt]s$)/.test(specifier)) continue
      edges.push({
        specifier: specifier.replace(/\$\{.*\}$/, '.ts'),
        isType: match[2] !== undefined,
        line: code.slice(0, at).split('\n').length,
      })
    }
  }
  return edges
}

function findExports(code: string): string[] {
  const names: string[] = []
  for (const match of code.matchAll(/^\s*export\s+(?:type\s+)?\{([^}]*)\}/gm)) {
    for (const item of (match[1] ?? '').split(',')) {
      const name = item
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/)
        .at(-1)
      if (name !== undefined && name !== '') names.push(name)
    }
  }
  const declaration =
    /^\s*export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:const|let|var|function\*?|class|type|interface)\s+(\w+)/gm
  for (const match of code.matchAll(declaration)) names.push(match[1] ?? '')
  if (/^\s*export\s+default\b/m.test(code)) names.push('default')
  if (/^\s*export\s+(?:type\s+)?\*/m.test(code)) names.push('*')
  return [...new Set(names)].sort()
}

function readHeading(text: string): string {
  const lines: string[] = []
  let isInBlock = false
  for (const line of text.replace(/^#!.*\n/, '').split('\n')) {
    const trimmed = line.trim()
    if (!isInBlock && trimmed.startsWith('/*')) isInBlock = true
    if (!isInBlock && !trimmed.startsWith('//')) break
    lines.push(trimmed.replace(/^\/\*\*?|^\/\/|^\*(?!\/)|\*\/$/g, '').trim())
    if (trimmed.endsWith('*/')) break
  }
  return lines.filter((line) => line !== '').join('\n')
}
