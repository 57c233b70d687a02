import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Finding, layers } from '../../src/core/finding.ts'
import { decide, type Thresholds } from '../../src/engine/decide.ts'
import { fuse } from '../../src/engine/fuse.ts'

const thresholds: Thresholds = { certain: 0.8, adaptive: 0.97, together: 0.97 }
const finding = (layer: Finding['layer'], score: number, rest: Partial<Finding> = {}): Finding => ({
  layer,
  source: 's',
  field: null,
  score,
  reason: 'r',
  ...rest,
})
const verdictOf = (findings: Finding[], mode: 'monitor' | 'enforce' = 'enforce') =>
  decide({ findings, standing: null, mode, referenceId: 'ref' }, thresholds)

describe('decide', () => {
  const cases: readonly (readonly [title: string, findings: Finding[], expected: string])[] = [
    ['allows a request that nobody objects to', [], 'allow'],
    ['denies what a rule is certain of', [finding('innate', 0.9)], 'deny attack'],
    [
      'adds up the doubts of several rules',
      ['a', 'b', 'c'].map((source) => finding('innate', 0.5, { source })),
      'deny attack',
    ],
    [
      'counts a rule that matches in several fields once',
      [finding('innate', 0.5), finding('innate', 0.5), finding('innate', 0.3)],
      'allow',
    ],
    ['allows one weak rule', [finding('innate', 0.5)], 'allow'],
    ['denies what memory recalls', [finding('memory', 0.9)], 'deny remembered'],
    ['denies what is far from self', [finding('adaptive', 0.98)], 'deny anomaly'],
    ['does not add up learned findings of one request', [finding('adaptive', 0.9), finding('adaptive', 0.9)], 'allow'],
    ['denies when two layers speak up together', [finding('adaptive', 0.95), finding('innate', 0.5)], 'deny anomaly'],
    ['never denies a request for conduct alone', [finding('behaviour', 1)], 'allow'],
    ['ignores findings in shadow', [finding('innate', 0.9, { shadow: true })], 'allow'],
  ]
  it.each(cases)('%s', (_title, findings, expected) => {
    const verdict = verdictOf(findings)
    expect(verdict.kind === 'deny' ? `deny ${verdict.because}` : verdict.kind).toBe(expected)
  })

  it('has run all of its cases', () => expect(cases.length).toBe(11))

  it('says in monitor mode what it would have done, and allows', () => {
    expect(verdictOf([finding('innate', 0.9)], 'monitor')).toMatchObject({
      kind: 'allow',
      would: { kind: 'deny', status: 403, because: 'attack' },
    })
  })

  it('puts a standing refusal before everything else', () => {
    const standing = { kind: 'slow', status: 429, retryAfterMs: 500 } as const
    const verdict = decide(
      { findings: [finding('innate', 0.9)], standing, mode: 'enforce', referenceId: 'r' },
      thresholds,
    )
    expect(verdict).toMatchObject({ kind: 'slow', retryAfterMs: 500 })
  })

  const anyFinding = fc.record({
    layer: fc.constantFrom(...layers),
    source: fc.constantFrom('s', 't', 'u'),
    field: fc.constant(null),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    reason: fc.constant('r'),
  })

  it('keeps the fused score within 0 and 1, and never lowers it for a further finding', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 12 }), anyFinding, (findings, further) => {
        const before = fuse(findings).total
        const after = fuse([...findings, further]).total
        expect(before).toBeGreaterThanOrEqual(0)
        expect(after).toBeLessThanOrEqual(1)
        expect(after).toBeGreaterThanOrEqual(before - 1e-12)
      }),
    )
  })

  it('takes the strongest word of each rule, in whatever order they come', () => {
    const rules = fc.array(
      fc.record({ source: fc.constantFrom('s', 't', 'u'), score: fc.double({ min: 0, max: 1, noNaN: true }) }),
    )
    fc.assert(
      fc.property(rules, (said) => {
        const findings = said.map(({ source, score }) => finding('innate', score, { source }))
        const strongest = new Map<string, number>()
        for (const { source, score } of said) strongest.set(source, Math.max(strongest.get(source) ?? 0, score))
        const expected = 1 - [...strongest.values()].reduce((doubt, score) => doubt * (1 - score), 1)
        expect(fuse(findings).byLayer.innate).toBeCloseTo(expected, 9)
        expect(fuse(findings.toReversed()).byLayer.innate).toBeCloseTo(expected, 9)
      }),
    )
  })

  it('acts in no mode but enforce', () => {
    fc.assert(
      fc.property(fc.array(anyFinding), fc.constantFrom('off', 'learn', 'monitor'), (findings, mode) => {
        expect(decide({ findings, standing: null, mode: mode as 'off', referenceId: 'r' }, thresholds).kind).toBe(
          'allow',
        )
      }),
    )
  })
})
