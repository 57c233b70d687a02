import { isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { messageOf } from '../core/errors.ts'
import type { SettingPath } from './problem.ts'

export type ParsedFile = {
  readonly value: unknown
  /** Line of a key, or of the nearest thing around it that has one; `undefined` when the form has no lines. */
  readonly lineOf: (path: SettingPath) => number | undefined
}

export type YamlResult =
  | { readonly kind: 'file'; readonly file: ParsedFile }
  | { readonly kind: 'problems'; readonly sentences: readonly string[] }

/** Parses YAML 1.2 (JSON included) and remembers where each key stands. Duplicate keys are an error. */
export function parseYaml(text: string): YamlResult {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      logLevel: 'error',
      prettyErrors: false,
      uniqueKeys: true,
    })
    if (document.errors.length > 0) {
      return {
        kind: 'problems',
        sentences: document.errors.map((error) => sentenceOf(lines, error.pos[0], error.message)),
      }
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    const lineOf = (path: SettingPath) => lineAt(document.contents, path, lines)
    return { kind: 'file', file: { value: value ?? {}, lineOf } }
  } catch (error) {
    return { kind: 'problems', sentences: [messageOf(error).split('\n')[0] ?? 'it cannot be parsed'] }
  }
}

function sentenceOf(lines: LineCounter, offset: number, message: string): string {
  return `line ${lines.linePos(offset).line}: ${(message.split('\n')[0] ?? '').replace(/\.$/, '')}`
}

function lineAt(root: Node | null, path: SettingPath, lines: LineCounter): number | undefined {
  let node: unknown = root
  let offset: number | undefined
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === String(step))
      if (pair === undefined) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      offset = startOf(node) ?? offset
    } else break
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}
