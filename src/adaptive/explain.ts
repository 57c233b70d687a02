import { describeChunk } from '../antigen/chunks.ts'
import type { Field } from '../request/field.ts'
import { minNamedSurprise } from './acting-detectors.ts'
import type { Evidence } from './evidence.ts'
import { type Aspect, aspects } from './features.ts'
import type { ShapeNovelty } from './route-shape.ts'

const shown = 3

export type Basis = {
  readonly samples: number
  readonly scope: string
  /** Unseen chunks, rarest first. */
  readonly chunks: readonly number[]
  /** What the unmasked inherited detectors saw, strongest first. */
  readonly detectors: readonly string[]
  /** What self looks like there, redacted; empty when nothing is known. */
  readonly nearest: string
  readonly rate: number
}

/** One sentence for an operator: the field, what in it is foreign, what self looks like, and how often that errs. */
export function explainEvidence(field: Field, evidence: Evidence, basis: Basis): string {
  const parts: string[] = []
  if (basis.detectors.length > 0)
    parts.push(`attack patterns that its self never showed (${basis.detectors.join(', ')})`)
  if (basis.chunks.length > 0) {
    const more = evidence.count > shown ? ` and ${evidence.count - shown} more` : ''
    parts.push(`unseen character patterns (${basis.chunks.slice(0, shown).map(describeChunk).join(', ')}${more})`)
  }
  const aspect = aspects[evidence.aspect]
  if (aspect !== undefined && evidence.surprise >= minNamedSurprise) {
    const oneIn = Math.round(Math.exp(Math.min(20, evidence.surprise)))
    parts.push(`${aspectWords[aspect]}, expected once in ${oneIn} values`)
  }
  const nearest = basis.nearest === '' ? '' : `; self there is ${basis.nearest}`
  return (
    `${field.location} field "${field.name}" holds ${parts.join(' and ') || 'little that is foreign'} ` +
    `(${basis.samples} values of ${basis.scope} learned${nearest}; p = ${describeRate(basis.rate)})`
  )
}

const aspectWords: Readonly<Record<Aspect, string>> = {
  chunk: 'a new character pattern',
  type: 'a new type of value',
  length: 'a new length',
  character: 'a new character',
  magnitude: 'a number of a new size',
  value: 'a new value of an enumeration',
}

/** One sentence about the form of a request. */
export function explainShape(
  novelty: ShapeNovelty,
  context: { name: string; route: string; requests: number; rate: number },
): string {
  const what =
    novelty.aspect === 'name'
      ? `parameter "${context.name}" was never seen`
      : novelty.aspect === 'missing'
        ? `parameter "${context.name}" is missing, which was there before`
        : novelty.aspect === 'set'
          ? 'these parameters never came together'
          : 'the parameters never came in this order'
  return `${what} on ${context.route} (${context.requests} requests learned; p = ${describeRate(context.rate)})`
}

/** A rate as people read it: `0.0003`. */
export const describeRate = (rate: number): string => (rate >= 0.001 ? rate.toFixed(3) : rate.toPrecision(1))
