import type { Finding } from '../core/finding.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'
import { type Field, fieldFlags } from '../request/field.ts'
import { createCleanFields } from './clean-fields.ts'
import { describeScore, type InnateScorer, type WorstField } from './frozen-finding.ts'
import { isFreeHeader } from './targets.ts'

/** Reads every value of a request and appends what is worth a line. */
export type FrozenScore = (request: CanonicalRequest, findings: Finding[]) => void

/** Findings below this score are not worth a line. */
export const minReported = 0.02
/** A request has as many findings as this at most: those of the values that score highest. */
const maxFindings = 8
/** Headers that anybody writes anything into, though browsers fix the form of theirs. */
const openHeaders: ReadonlySet<string> = new Set(['user-agent', 'referer'])

export function createFrozenScore({ scorer, evidence, denyScore }: InnateScorer): FrozenScore {
  const threshold = scorer.model.calibration.prior + Math.log(minReported / (1 - minReported))
  const clean = createCleanFields()
  const worst = createWorstFields()

  const look = (field: Field): void => {
    const logOdds = scorer.score(field.value)
    if (logOdds < threshold) clean.add(field.memo)
    else worst.add(field, logOdds, scorer.worstEnd())
  }

  return (request, findings) => {
    const { fields } = request
    worst.count = 0
    for (let index = 0; index < fields.length; index += 1) {
      const field = fields[index] as Field
      if (!clean.has(field.memo) && isRead(field)) look(field)
    }
    for (let place = 0; place < worst.count; place += 1) {
      findings.push(describeScore(request, worst.fields[place] as WorstField, { scorer, evidence, denyScore }))
      worst.fields[place] = null
    }
  }
}

/** Path segments are read as one path, self by definition is not read, nor are headers whose form is fixed. */
function isRead({ location, name, flags }: Field): boolean {
  if (location === 'path') return name === '*' || (flags & fieldFlags.derived) !== 0 || name.includes('~')
  return location !== 'header' || isFreeHeader(name) || openHeaders.has(name)
}

type WorstFields = {
  count: number
  readonly fields: (WorstField | null)[]
  readonly add: (field: Field, logOdds: number, end: number) => void
}

/** The highest scores of one request; one object for all requests. */
function createWorstFields(): WorstFields {
  const worst: WorstFields = {
    count: 0,
    fields: Array.from({ length: maxFindings }, () => null),
    add: (field, logOdds, end) => {
      let place = worst.count
      if (place === maxFindings) {
        place = lowest(worst.fields)
        if (logOdds <= (worst.fields[place]?.logOdds ?? 0)) return
      } else worst.count += 1
      worst.fields[place] = { field, logOdds, end }
    },
  }
  return worst
}

function lowest(fields: readonly (WorstField | null)[]): number {
  let place = 0
  for (let other = 1; other < fields.length; other += 1) {
    if ((fields[other]?.logOdds ?? 0) < (fields[place]?.logOdds ?? 0)) place = other
  }
  return place
}
