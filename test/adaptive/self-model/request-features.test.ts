import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { FeatureName } from '../../../src/adaptive/self-model/feature-schema.ts'
import {
  featureAt,
  featureCount,
  featureLabels,
  featureNames,
  featureVersion,
} from '../../../src/adaptive/self-model/feature-schema.ts'
import { createEvidenceBuffer } from '../../../src/adaptive/self-model/request-evidence.ts'
import { readFeatures } from '../../../src/adaptive/self-model/request-features.ts'
import { createReader, type Sketch } from '../../support/canonical.ts'

function featuresOf(sketch: Sketch, evidence = createEvidenceBuffer()): (name: FeatureName) => number {
  const into = new Float32Array(featureCount)
  readFeatures(createReader().read(sketch), evidence, into)
  return (name) => into[featureAt[name]] as number
}

describe('the feature schema', () => {
  it('is pinned: other features are another version, and models of this one refuse them', () => {
    expect([featureVersion, featureNames]).toEqual([
      1,
      [
        'masked-max',
        'masked-sum',
        'masked-count',
        'rarity-max',
        'rarity-sum',
        'rarity-count',
        'type-max',
        'type-sum',
        'closed-max',
        'closed-sum',
        'foreign-layers',
        'path-values',
        'query-values',
        'header-values',
        'cookie-values',
        'form-values',
        'tree-values',
        'total-length',
        'longest-value',
        'letter-share',
        'digit-share',
        'blank-share',
        'mark-share',
        'special-share',
        'other-share',
        'unknown-names',
        'depth',
        'body-length',
        'decode-depth',
        'derived-values',
        'oddities',
        'path-segments',
        'body-json',
        'body-form',
        'body-other',
        'writes',
      ],
    ])
  })

  it('has a label for every feature', () => {
    expect(featureLabels).toHaveLength(featureCount)
    expect(new Set(featureLabels).size).toBe(featureCount)
  })
})

describe('the features of a request', () => {
  it('count values by where they stand', () => {
    const get = featuresOf({ target: '/orders?page=2&size=10', headers: [['Cookie', 'a=1; b=2']] })
    expect(get('query-values')).toBeCloseTo(Math.log1p(2), 5)
    expect(get('cookie-values')).toBeCloseTo(Math.log1p(2), 5)
    expect(get('writes')).toBe(0)
    expect(get('body-length')).toBe(0)
  })

  it('tell the kind of the body, its length and its depth', () => {
    const body = '{"a":{"b":{"c":"deep"}}}'
    const get = featuresOf({ target: '/orders', type: 'application/json', body })
    expect([get('body-json'), get('body-form'), get('body-other'), get('writes')]).toEqual([1, 0, 0, 1])
    expect(get('body-length')).toBeCloseTo(Math.log1p(body.length), 5)
    expect(get('depth')).toBeGreaterThanOrEqual(3)
    expect(get('tree-values')).toBeGreaterThan(0)
  })

  it('see more special characters in a query than in a name', () => {
    const name = featuresOf({ target: '/orders?q=amber+basil' })
    const query = featuresOf({ target: `/orders?q=${encodeURIComponent("x' OR (1=1); --")}` })
    expect(query('special-share')).toBeGreaterThan(name('special-share'))
    expect(name('letter-share')).toBeGreaterThan(query('letter-share'))
  })

  it('hold the worst and the sum of the evidence of all fields, and how many kinds meet in one', () => {
    const { read } = createReader()
    const request = read({ target: '/orders?a=x&b=y' })
    const evidence = createEvidenceBuffer()
    evidence.begin(request.fields.length)
    evidence.masked.set([3, 1])
    evidence.rarity.set([2, 0])
    evidence.closed.set([0, 4])
    const into = new Float32Array(featureCount)
    readFeatures(request, evidence, into)
    const get = (name: FeatureName) => into[featureAt[name]] as number
    expect([get('masked-max'), get('masked-count'), get('rarity-count'), get('closed-max')]).toEqual([3, 2, 1, 4])
    expect(get('masked-sum')).toBeCloseTo(Math.log1p(4), 5)
    expect(get('foreign-layers')).toBe(2)
  })

  it('hold nothing of the request before', () => {
    const { read } = createReader()
    const evidence = createEvidenceBuffer()
    const large = read({ target: '/a?x=1&y=2&z=3', type: 'application/json', body: '{"a":[1,2,3]}' })
    const small = read({ target: '/a' })
    const used = new Float32Array(featureCount)
    evidence.begin(large.fields.length)
    evidence.masked.fill(9)
    readFeatures(large, evidence, used)
    evidence.begin(small.fields.length)
    readFeatures(small, evidence, used)
    const fresh = new Float32Array(featureCount)
    readFeatures(small, createEvidenceBuffer(), fresh)
    expect([...used]).toEqual([...fresh])
  })

  it('are finite for whatever a client sends', () => {
    const into = new Float32Array(featureCount)
    const evidence = createEvidenceBuffer()
    const { read } = createReader()
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }), (query, body) => {
        const request = read({
          target: `/a?q=${encodeURIComponent(query.toWellFormed())}`,
          type: 'application/json',
          body,
        })
        evidence.begin(request.fields.length)
        readFeatures(request, evidence, into)
        expect(into.every(Number.isFinite)).toBe(true)
      }),
    )
  })
})

describe('the evidence buffer', () => {
  it('makes room for any number of fields, all of them plainly self', () => {
    const buffer = createEvidenceBuffer()
    let ran = 0
    for (const fields of [0, 3, 256, 257, 70_000, 2]) {
      buffer.begin(fields)
      const arrays = [buffer.masked, buffer.rarity, buffer.type, buffer.closed]
      expect(buffer.count).toBe(fields)
      for (const array of arrays) {
        expect(array.length).toBeGreaterThanOrEqual(fields)
        expect(array.subarray(0, fields).every((value) => value === 0)).toBe(true)
        array.fill(1, 0, fields)
      }
      ran += 1
    }
    expect(ran).toBe(6)
  })
})
