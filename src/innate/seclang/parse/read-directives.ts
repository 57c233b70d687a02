import { messageOf, ThymusError } from '../../../core/errors.ts'
import { logicalLines } from './logical-lines.ts'
import { type Position, ruleFault } from './position.ts'
import { splitWords, type Word } from './words.ts'

/** One line of a rule file: `SecRule ARGS "@rx a" "id:1"`. */
export type Directive = {
  /** Lower case. */
  readonly name: string
  /** As written, for people. */
  readonly written: string
  readonly words: readonly Word[]
  readonly at: Position
}

/** Where rule files come from; the tests give texts, `loadSecLang` the disk. */
export type RuleSource = {
  /** The whole file, one character per byte. Throws when it cannot be read. */
  readonly readFile: (path: string) => string
  /** The files that a path or a glob means, in name order; empty when there is none. */
  readonly listFiles: (pattern: string, besideFile: string | null) => readonly string[]
}

/** Files within files; deeper is taken for a circle. */
const maxDepth = 32
/** Files that one program may consist of, counting each inclusion. */
const maxFiles = 10_000

/** Reads files and what they include, in order. */
export function readDirectives(patterns: readonly string[], source: RuleSource): readonly Directive[] {
  const directives: Directive[] = []
  const budget = { files: maxFiles }
  for (const pattern of patterns) {
    const files = source.listFiles(pattern, null)
    if (files.length === 0) throw new ThymusError('THY_RULE', `Rule file ${pattern} does not exist.`)
    for (const file of files) readInto(directives, { file, from: null, depth: 0, source, budget })
  }
  return directives
}

type Reading = {
  readonly file: string
  /** The Include that asked for the file. */
  readonly from: Position | null
  readonly depth: number
  readonly source: RuleSource
  readonly budget: { files: number }
}

function readInto(directives: Directive[], reading: Reading): void {
  const { file, from, source, budget } = reading
  budget.files -= 1
  if (budget.files < 0) throw ruleFault(`more than ${maxFiles} files are included`, { at: from ?? { file, line: 1 } })
  let text: string
  try {
    text = source.readFile(file)
  } catch (cause) {
    throw ruleFault(`${file} cannot be read: ${messageOf(cause)}`, { at: from ?? { file, line: 1 }, cause })
  }
  for (const directive of parseDirectives(text, file)) {
    if (directive.name === 'include' || directive.name === 'includeoptional') include(directives, directive, reading)
    else directives.push(directive)
  }
}

function include(directives: Directive[], { name, written, words, at }: Directive, reading: Reading): void {
  const [word] = words
  if (word === undefined || words.length > 1) throw ruleFault(`${written} takes one path`, { at })
  if (reading.depth + 1 >= maxDepth) {
    throw ruleFault(`${written} ${word.text} is nested more than ${maxDepth} files deep; does it include itself?`, {
      at,
    })
  }
  const files = reading.source.listFiles(word.text, at.file)
  if (files.length === 0 && name === 'include')
    throw ruleFault(`${written} ${word.text}: there is no such file`, { at })
  for (const file of files) readInto(directives, { ...reading, file, from: at, depth: reading.depth + 1 })
}

/** The directives of one text; includes stay what they are. */
export function parseDirectives(text: string, file: string): readonly Directive[] {
  return logicalLines(text).map((line) => {
    const [first, ...words] = splitWords(line.text)
    const written = first?.text ?? ''
    return { name: written.toLowerCase(), written, words, at: { file, line: line.line } }
  })
}
