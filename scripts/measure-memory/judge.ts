import { createClonalSelection } from '../../src/adaptive/clonal/clonal-selection.ts'
import { createSelfGrams } from '../../src/adaptive/self-grams.ts'
import { shippedScorer } from '../../src/antigen/load-scorer.ts'
import { loadConfiguredRules } from '../../src/assemble.ts'
import type { Config } from '../../src/config/schema.ts'
import { createManualClock } from '../../src/core/clock.ts'
import type { Finding } from '../../src/core/finding.ts'
import { createRandom } from '../../src/core/random.ts'
import { thresholdsOf } from '../../src/engine/create-engine.ts'
import { refusalOf } from '../../src/engine/decide.ts'
import { fuse } from '../../src/engine/fuse.ts'
import { createInnate } from '../../src/innate/create-innate.ts'
import { createMemory } from '../../src/memory/create-memory.ts'
import { createSelfScreen } from '../../src/memory/self-screen.ts'
import type { CanonicalRequest } from '../../src/request/canonical-request.ts'
import { createMemoryStorage } from '../../src/storage/memory-storage.ts'
import { createRowReader, type Row } from '../recorded-rows.ts'

/** A node that has learned nothing but some confirmed attacks. */
export type Taught = {
  readonly recalls: (request: CanonicalRequest) => boolean
  readonly findings: (request: CanonicalRequest) => readonly Finding[]
  readonly cells: () => number
  /** Shows the node a harmless request, as learning would. */
  readonly learn: (request: CanonicalRequest) => void
}

type Confirmed = {
  readonly clones: boolean
  /** What was learned before the attacks came. */
  readonly self?: readonly CanonicalRequest[]
}

export type Judge = {
  readonly read: (row: Row) => CanonicalRequest
  /** A payload as the value of a parameter. */
  readonly requestOf: (payload: string) => CanonicalRequest
  readonly innateRefuses: (request: CanonicalRequest) => boolean
  readonly afterConfirming: (payloads: readonly string[], options: Confirmed) => Taught
}

export function createJudge(config: Config, seed: number): Judge {
  const read = createRowReader()
  const { scorer, evidence } = shippedScorer()
  const { rules } = loadConfiguredRules(config)
  const { paranoia, shadowRules } = config.innate
  const denyScore = config.innate.scorer.denyScore
  const innate = createInnate({ rules, paranoia, shadowRules, scorer: { scorer, evidence, denyScore } })
  const thresholds = thresholdsOf(config)
  const requestOf = (payload: string): CanonicalRequest => read(rowOf(payload))
  return {
    read,
    requestOf,
    innateRefuses: (request) => {
      const findings: Finding[] = []
      innate.inspect(request, findings)
      return refusalOf(fuse(findings), thresholds) !== null
    },
    afterConfirming: (payloads, { clones, self = [] }) => {
      const clock = createManualClock()
      const { records } = createMemoryStorage({ nodeId: 'measured', clock })
      const selfGrams = createSelfGrams()
      for (const { fields } of self) for (const { value } of fields) selfGrams.add(value)
      // No profiles are learned here, so that nothing is foreign where it stands.
      const isSelf = createSelfScreen(scorer, () => 0)
      const memory = createMemory({
        config: config.memory,
        records,
        selfGrams,
        clock,
        emit,
        origin: 'measured',
        isSelf,
      })
      const select = createClonalSelection({ memory, random: createRandom(seed) })
      for (const payload of payloads) {
        const value = longestValue(requestOf(payload))
        const attack = {
          location: 'query',
          value,
          family: 'measured',
          referenceId: 'r',
          confirmedBy: ['person'],
        } as const
        const cell = memory.remember(attack)
        if (cell !== undefined && clones) select(cell, attack, 1)
      }
      const findings = (request: CanonicalRequest): readonly Finding[] => {
        const found: Finding[] = []
        memory.inspect(request, found)
        return found
      }
      return {
        findings,
        recalls: (request) => findings(request).length > 0,
        cells: () => memory.cells().length,
        learn: ({ fields }) => {
          for (const { value } of fields) selfGrams.add(value)
        },
      }
    },
  }
}

const emit = (): void => undefined

function rowOf(payload: string): Row {
  // What a client has to escape so that the value stays one; all else goes as the generator wrote it.
  const query = payload.toWellFormed().replace(/[^\x21-\x7e]|[&#]/g, encodeURIComponent)
  return { id: '', label: '', category: null, method: 'GET', url: `/search?q=${query}`, headers: [] }
}

/** A payload that splits into several values is confirmed by the longest. */
function longestValue({ fields }: CanonicalRequest): string {
  const values = fields.filter(({ location }) => location === 'query').map(({ value }) => value)
  return values.reduce((longest, value) => (value.length > longest.length ? value : longest), '')
}
