import { describe, expect, it } from '@jest/globals'
import { describeRate, explainEvidence, explainShape } from '../../src/adaptive/explain.ts'
import { type Aspect, aspects } from '../../src/adaptive/features.ts'
import { shapeAspects } from '../../src/adaptive/route-shape.ts'
import { chunksOf } from '../../src/antigen/chunks.ts'
import { createReader } from '../support/canonical.ts'
import { createScene, ordinary, strange } from './fixture.ts'

const [field] = createReader()
  .read({ target: '/search?q=x' })
  .fields.filter(({ name }) => name === 'q')
const evidence = (aspect: Aspect | null, surprise: number, count = 0) => ({
  masked: 0,
  rarity: 0,
  type: 0,
  surprise,
  aspect: aspect === null ? -1 : aspects.indexOf(aspect),
  unseen: new Uint16Array(64),
  count,
})
const basis = { samples: 412, scope: 'this field', chunks: [], detectors: [], nearest: '', rate: 0.0004 }

describe('explainEvidence', () => {
  it('names the field, what is foreign, what self is like and how often that errs, in one sentence', () => {
    if (field === undefined) throw new Error('the request has no field q')
    const chunks = [...chunksOf("'<'")].slice(0, 2)
    const reason = explainEvidence(field, evidence('value', 6, 5), {
      ...basis,
      chunks,
      detectors: ['union', 'or1'],
      nearest: 'word of 4 characters, one of 4 values',
    })
    expect(reason).toMatch(/^query field "q" holds attack patterns that its self never showed \(union, or1\)/)
    expect(reason).toMatch(/and unseen character patterns \(start-quote-\w+, quote-\w+-quote and 2 more\)/)
    expect(reason).toContain('and a new value of an enumeration, expected once in 403 values')
    expect(reason).toMatch(
      /\(412 values of this field learned; self there is word of 4 characters, one of 4 values; p = 0\.0004\)$/,
    )
  })

  it('has words for every aspect and for none', () => {
    if (field === undefined) throw new Error('the request has no field q')
    const said = aspects.map((aspect) => explainEvidence(field, evidence(aspect, 3), basis))
    expect(new Set(said).size).toBe(aspects.length)
    for (const one of said) expect(one).toMatch(/holds a (?:new|number) .+, expected once in 20 values/)
    expect(explainEvidence(field, evidence(null, 0), basis)).toContain('holds little that is foreign (412 values')
  })

  it('is what a finding says, with the p-value that its score stands for', () => {
    const scene = createScene()
    for (let index = 0; index < 120; index += 1) scene.offer(ordinary(index))
    const [finding] = scene.findings(strange).sort((a, b) => b.score - a.score)
    expect(finding?.reason).toMatch(
      /^query field "q" holds .+ \(\d+ values of this field learned; self there is .+; p = /,
    )
    const stated = Number(/p = ([\d.e-]+)\)$/.exec(finding?.reason ?? '')?.[1])
    const { score = 0 } = finding ?? {}
    const rate = score >= 0.5 ? (1 - score) * 0.03 : 0.015 ** (2 * score)
    expect(rate / stated).toBeGreaterThan(0.6)
    expect(rate / stated).toBeLessThan(1.6)
  })
})

describe('explainShape', () => {
  it('has a sentence for everything that can be new about the form of a request', () => {
    const context = { name: 'debug', route: '/search', requests: 900, rate: 0.02 }
    const said = shapeAspects.map((aspect) => explainShape({ aspect, surprise: 5, slot: 1 }, context))
    expect(said).toEqual([
      'parameter "debug" was never seen on /search (900 requests learned; p = 0.020)',
      'these parameters never came together on /search (900 requests learned; p = 0.020)',
      'the parameters never came in this order on /search (900 requests learned; p = 0.020)',
      'parameter "debug" is missing, which was there before on /search (900 requests learned; p = 0.020)',
    ])
  })
})

describe('describeRate', () => {
  it('keeps the first figure of a small rate', () => {
    expect([0.5, 0.0123, 0.00044, 0.0000002].map(describeRate)).toEqual(['0.500', '0.012', '0.0004', '2e-7'])
  })
})
