import { type Operator, wholeText } from '../../operators/operator.ts'
import { parseMacro } from '../parse/macro-text.ts'
import type { OperatorText } from '../parse/operator-text.ts'
import type { Action, Link } from '../program.ts'
import type { SecTransformation } from '../transformations/sec-transformation.ts'
import type { ActionSink } from './action-sink.ts'
import type { ProgramDraft } from './draft.ts'
import type { LinkDraft } from './link-draft.ts'

export type FinishOptions = {
  readonly draft: ProgramDraft
  /** The content of a data file beside a rule file, as a byte string; throws when there is none. */
  readonly readData: (name: string, besideFile: string) => string
}

export type LinkOptions = FinishOptions & {
  readonly defaults: ActionSink | undefined
  readonly isLast: boolean
  /** Those of the whole chain. */
  readonly sinks: readonly ActionSink[]
}

/** SecAction matches whatever it is asked. */
const always: Operator = {
  name: 'unconditionalMatch',
  test: () => true,
  locate: wholeText,
  literals: [],
  isCheap: true,
}

export function compileLink(link: LinkDraft, options: LinkOptions): Link {
  const { sink } = link
  const transformations = transformationsOf(sink, options)
  return {
    targets: { source: link.source, included: link.included, excluded: link.excluded },
    transformations,
    operator: link.operator === null ? always : compileOperator(link, link.operator, { transformations, ...options }),
    isNegated: link.operator?.isNegated ?? false,
    isMultiMatch: sink.isMultiMatch,
    hasCapture: sink.hasCapture,
    actions: actionsOf(sink, options),
  }
}

/** Those of SecDefaultAction come first, unless the rule says t:none. */
function transformationsOf(sink: ActionSink, { defaults, draft }: LinkOptions): readonly SecTransformation[] {
  const none = sink.transformations.lastIndexOf('none')
  const inherited = none === -1 ? (defaults?.transformations ?? []) : []
  return [...inherited, ...sink.transformations.slice(none + 1)].map((name) => {
    const transformation = draft.dialect.transformations.get(name)
    if (transformation === undefined) throw new Error(`transformation t:${name} is not known`)
    return transformation
  })
}

/**
 * Variables are set when their link matches. Exclusions and the like wait for the whole chain, which is when the last
 * link matches: as in ModSecurity 3, half a chain switches nothing off.
 */
function actionsOf(sink: ActionSink, { defaults, isLast, sinks }: LinkOptions): readonly Action[] {
  const own = [...(defaults?.actions ?? []), ...sink.actions]
  if (!isLast) return own.filter(({ isForChain }) => !isForChain).map(({ action }) => action)
  const waiting = sinks.slice(0, -1).flatMap(({ actions }) => actions.filter(({ isForChain }) => isForChain))
  return [...waiting, ...own].map(({ action }) => action)
}

type OperatorOptions = LinkOptions & { readonly transformations: readonly SecTransformation[] }

function compileOperator(link: LinkDraft, operator: OperatorText, options: OperatorOptions): Operator {
  const { dialect, notices } = options.draft
  const compiler = dialect.operators.get(operator.name)
  if (compiler === undefined) throw new Error(`operator @${operator.written} is not known`)
  const argument = parseMacro(operator.argument, { isKnown: dialect.isKnownVariable, unknown: 'keep' })
  return compiler.compile(argument, {
    readData: (name) => options.readData(name, link.at.file),
    notice: (sentence) => notices.add(sentence),
    isLowerCased: options.transformations.at(-1)?.name.toLowerCase() === 'lowercase',
  })
}
