import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { loadScorerModel } from '../../src/antigen/load-scorer.ts'
import { createFrozenScorer } from '../../src/antigen/scorer.ts'
import { createScorerEvidence } from '../../src/antigen/scorer-evidence.ts'
import { isPlain } from '../../src/antigen/scorer-fold.ts'
import { type ScorerModel, tokenDetector } from '../../src/antigen/scorer-model.ts'
import { reach } from '../../src/antigen/scorer-walk.ts'
import { createRandom } from '../../src/core/random.ts'
import { readableModel, smallModel } from './small-scorer.ts'

const shipped = loadScorerModel()
const models: readonly (readonly [name: string, model: ScorerModel])[] = [
  ['the shipped model', shipped],
  ['a model of random weights', smallModel(createRandom(7))],
  ['a model of two tokens', readableModel],
]

/** Pieces that make gaps, runs, tokens and every kind of symbol likely. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "' or 1=1--",
        '<script',
        '../',
        '${',
        'a'.repeat(40),
        ' plain words ',
        '%%%%%%%',
        '\r\n\r\n',
        '\u0000',
      ),
      fc.string({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.integer({ min: 1, max: 90 }).map((count) => 'x'.repeat(count)),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''))

const plainCharacters = Array.from(isPlain, (flag, code) => (flag === 1 ? String.fromCharCode(code) : '')).join('')
const plain = fc.string({ unit: fc.constantFrom(...plainCharacters, 'ж', '漢'), maxLength: 200 })

describe.each(models)('the frozen scorer with %s', (_, model) => {
  const { score, scoreMasked, floor, worstEnd } = createFrozenScorer(model)
  const evidence = createScorerEvidence(model)

  it('scores as the telling walk over the same value does', () => {
    fc.assert(
      fc.property(text, (value) => expect(score(value)).toBeCloseTo(evidence.explain(value).logOdds, 6)),
      {
        numRuns: 400,
      },
    )
  })

  it('knows where the worst stretch ends', () => {
    fc.assert(
      fc.property(text, (value) => {
        score(value)
        expect(worstEnd()).toBe(evidence.explain(value).end)
      }),
    )
  })

  it('gives the same score to the same value, whatever came before', () => {
    fc.assert(
      fc.property(text, text, (value, other) => {
        const first = score(value)
        score(other)
        expect(score(value)).toBe(first)
      }),
    )
  })

  it('never scores below its floor, and at it for plain values', () => {
    fc.assert(fc.property(text, (value) => score(value) >= floor))
    fc.assert(fc.property(plain, (value) => score(value) === floor))
  })

  it('keeps the score of a value behind and before plain padding of any length', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 400 }), (value, extra) => {
        // What stands next to a payload is read with it; beyond that nothing counts.
        const near = 'q'.repeat(reach)
        const padding = `${'w '.repeat(reach + extra)}`
        const before = score(`${'w '.repeat(reach)}${near}${value}${near}${'w '.repeat(reach)}`)
        expect(score(`${padding}${near}${value}${near}${padding}`)).toBe(before)
      }),
    )
  })

  it('scores what self did not silence as the telling walk does', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (value, selfValues) => {
        const silenced = new Set<number>()
        for (const self of selfValues)
          evidence.detectors(self, (detector, weight) => weight > 0 && silenced.add(detector))
        const { logOdds } = evidence.explain(value, (detector) => silenced.has(detector))
        expect(scoreMasked(value, silenced)).toBeCloseTo(logOdds - floor, 6)
      }),
    )
  })

  it('says nothing more when every detector is silenced', () => {
    fc.assert(fc.property(text, (value) => expect(evidence.explain(value, () => true).logOdds).toBe(floor)))
  })

  it('is silent about a value whose own detectors are silenced', () => {
    fc.assert(
      fc.property(text, (value) => {
        const own = new Set<number>()
        evidence.detectors(value, (detector) => own.add(detector))
        expect(evidence.explain(value, (detector) => own.has(detector)).logOdds).toBe(floor)
      }),
    )
  })

  it('adds up: the contributions of the worst stretch and its length give the score', () => {
    fc.assert(
      fc.property(text, (value) => {
        const { logOdds, contributions, symbols } = evidence.explain(value)
        const sum = contributions.reduce((total, { weight }) => total + weight, 0) + symbols * model.drift * model.scale
        const { slope, offset } = model.calibration
        expect(Math.max(0, sum) * slope + offset).toBeCloseTo(logOdds, 5)
      }),
    )
  })
})

describe('the frozen scorer', () => {
  it('names tokens and places in an explanation', () => {
    const { explain } = createScorerEvidence(readableModel)
    const found = explain('so a harmless start, UNION\t SELECT 1')
    expect(found.contributions.map(({ text: seen }) => seen)).toEqual(['union select'])
    expect(found.contributions[0]).toMatchObject({ isToken: true, detector: tokenDetector(readableModel, 0) })
    expect(found.end).toBe('so a harmless start, UNION\t SELECT'.length)
  })

  it('counts what repeats within a short stretch once', () => {
    const { score } = createFrozenScorer(readableModel)
    expect(score('<script <script <script')).toBe(score('<script'))
  })

  it('has no token weight below zero, and stays within its size', () => {
    expect(shipped.tokens.filter(({ weight }) => weight < 0)).toEqual([])
    expect(shipped.tokens.length).toBeGreaterThan(50)
    expect(shipped.weights.length).toBeLessThanOrEqual(65_536)
  })

  it('takes work in proportion to the length of a value', () => {
    const { score } = createFrozenScorer(shipped)
    for (const unit of ['a', "'", '<a>', '../', 'x y, ', "' or 1=1 -- ", '\u0000', '漢', '%2e']) {
      const value = unit.repeat(200_000)
      expect(Number.isFinite(score(value))).toBe(true)
    }
  })
})
