import { type Operator, type Subject, wholeText } from '../../operators/operator.ts'
import { type BytePattern, compilePcre } from '../../patterns/compile-pcre.ts'
import { PatternError } from '../../patterns/pattern-cursor.ts'
import type { Macro } from '../macro.ts'
import type { OperatorContext, SecOperatorCompiler } from './sec-operator.ts'

export const rx: SecOperatorCompiler = {
  name: 'rx',
  means: 'A Perl regular expression matches somewhere in the text; a dot takes line ends, ^ and $ know lines.',
  compile: (argument, context) => compileRx('rx', argument, context),
}

export const rxGlobal: SecOperatorCompiler = {
  name: 'rxGlobal',
  means: 'Like rx; captures the groups of all matches one after the other, ten in all.',
  compile: (argument, context) => {
    const operator = compileRx('rxGlobal', argument, context)
    const { capture } = operator
    return capture === undefined ? operator : { ...operator, capture: (subject) => captureAll(subject, capture) }
  },
}

const maxCaptures = 10

/** Each further match is looked for in the rest of the text, which `^` and `\b` take for a text of its own. */
function captureAll(subject: Subject, capture: NonNullable<Operator['capture']>): readonly string[] {
  const all: string[] = []
  let rest = subject.text
  while (all.length < maxCaptures && rest !== '') {
    const groups = capture({ ...subject, text: rest, lower: rest })
    const match = groups[0] ?? ''
    if (match === '') break
    const used = groups.findLastIndex((group) => group !== '')
    all.push(...groups.slice(0, used + 1))
    rest = rest.slice(rest.indexOf(match) + match.length)
  }
  return all.slice(0, maxCaptures)
}

function compileRx(name: string, argument: Macro, { notice }: OperatorContext): Operator {
  if (typeof argument !== 'string') return compileLateRx(name, argument)
  const pattern = compilePattern(argument, notice)
  return {
    name,
    test: (subject) => pattern.test(subject.text, subject.work),
    locate: (subject) => pattern.locate(subject.text, subject.work) ?? wholeText(subject),
    capture: (subject) => pattern.capture(subject.text, subject.work),
    literals: pattern.literals,
    isCheap: false,
  }
}

/** Rule sets use atomic groups against backtracking, which there is none of here. */
function compilePattern(source: string, notice: OperatorContext['notice']): BytePattern {
  try {
    return compilePcre(source)
  } catch (error) {
    if (!(error instanceof PatternError) || !/\(\?>|[*+?}]\+/.test(source)) throw error
    const pattern = compilePcre(source, { isAtomicLoose: true })
    notice(`An atomic group of the pattern ${source.slice(0, 60)} is read as an ordinary one: ${error.message}.`)
    return pattern
  }
}

/** Patterns that requests have filled in, at most this many; the oldest goes first. */
const maxPatterns = 64

/** A pattern with macros is compiled when a request fills it in; one that does not compile never matches. */
function compileLateRx(name: string, argument: Macro): Operator {
  const patterns = new Map<string, BytePattern | null>()
  const patternFor = (source: string): BytePattern | null => {
    const known = patterns.get(source)
    if (known !== undefined) return known
    const [oldest] = patterns.keys()
    if (oldest !== undefined && patterns.size >= maxPatterns) patterns.delete(oldest)
    const pattern = tryCompile(source)
    patterns.set(source, pattern)
    return pattern
  }
  return {
    name,
    test: (subject) => patternFor(subject.expand?.(argument) ?? '')?.test(subject.text, subject.work) ?? false,
    locate: wholeText,
    capture: (subject) => patternFor(subject.expand?.(argument) ?? '')?.capture(subject.text, subject.work) ?? [],
    literals: [],
    isCheap: false,
  }
}

function tryCompile(source: string): BytePattern | null {
  try {
    return compilePcre(source, { isAtomicLoose: true })
  } catch {
    return null
  }
}
