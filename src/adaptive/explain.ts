import { describeChunk } from '../antigen/chunks.ts'
import type { Field } from '../request/field.ts'
import type { Surprise } from './surprise.ts'

const shown = 3

/** One sentence for an operator: which field, what in it self never showed, and how much self stands behind that. */
export function explainSurprise(
  field: Field,
  surprise: Surprise,
  context: { readonly samples: number; readonly scope: string; readonly chunks: readonly number[] },
): string {
  const patterns = context.chunks.slice(0, shown).map(describeChunk).join(', ')
  const more = surprise.count > shown ? ` and ${surprise.count - shown} more` : ''
  const type = surprise.type > 0 ? ', and its type is new there' : ''
  const length = surprise.length > 0 ? ', and it is longer than any before' : ''
  return (
    `${field.location} field "${field.name}" holds character patterns never seen in ${context.scope} ` +
    `(${patterns}${more}; ${context.samples} values learned)${type}${length}`
  )
}
