import { describe, expect, it } from '@jest/globals'
import { families, makeAttacks } from '../../scripts/training/attack-material.ts'
import { makeBenign, readDocuments } from '../../scripts/training/benign-material.ts'
import { noise } from '../../scripts/training/benign-noise.ts'
import { calibrate } from '../../scripts/training/calibrate.ts'
import { createReader, worstStretch } from '../../scripts/training/features.ts'
import { fitWeights } from '../../scripts/training/fit.ts'
import { expandText } from '../../scripts/training/grammar.ts'
import { grammarNames, loadGrammar, loadTokens } from '../../scripts/training/load-grammar.ts'
import { canonical, respell } from '../../scripts/training/mutate.ts'
import { readPayloads } from '../../scripts/training/payload-material.ts'
import { nextSpecial } from '../../src/antigen/scorer-fold.ts'
import { symbolsOf } from '../../src/antigen/scorer-tokens.ts'
import { createRandom } from '../../src/core/random.ts'

describe('training material of the frozen scorer', () => {
  it.each(grammarNames)('knows every name that %s uses, and ends', (name) => {
    const rules = loadGrammar(name)
    const random = createRandom(3)
    for (const alternatives of Object.values(rules.grammar)) {
      for (const text of alternatives) expect(expandText(text, rules, random)).not.toMatch(/§[\w-]+§/)
    }
  })

  it('names a word of a grammar that nobody knows', () => {
    const rules = { grammar: { loop: ['§loop§'] }, terminals: {} }
    expect(() => expandText('§nothing§', rules, createRandom(1))).toThrow('does not know §nothing§')
    expect(() => expandText('§loop§', rules, createRandom(1))).toThrow('does not end')
  })

  it('has hundreds of different payloads of every family', () => {
    const random = createRandom(5)
    expect(families.length).toBeGreaterThanOrEqual(20)
    for (const { name, grammar, start } of families) {
      const rules = loadGrammar(grammar)
      const templates = rules.grammar[start] ?? []
      const made = new Set(
        Array.from({ length: 600 }, (_, index) => expandText(templates[index % templates.length] ?? '', rules, random)),
      )
      expect({ name, count: made.size >= 200 }).toEqual({ name, count: true })
    }
  })

  it('is the same for the same seed, and different for another', () => {
    const some = (seed: number): readonly string[] => noise.map(({ make }) => make(createRandom(seed)))
    expect(some(4)).toEqual(some(4))
    expect(some(4)).not.toEqual(some(5))
    expect(respell('a b c', createRandom(9))).toBe(respell('a b c', createRandom(9)))
  })

  it('makes attacks and harmless values in comparable numbers, each with a kind and a group', () => {
    const attacks = makeAttacks(createRandom(1), 0.02)
    const benign = makeBenign(createRandom(1), 0.02)
    expect(attacks.length).toBeGreaterThan(600)
    expect(benign.length).toBeGreaterThan(1_200)
    expect(attacks.every(({ isAttack, kind, group }) => isAttack && kind !== '' && group !== '')).toBe(true)
    expect(benign.some(({ isAttack }) => isAttack)).toBe(false)
    expect(benign.filter(({ text }) => text.includes('http://')).length).toBeGreaterThan(20)
  })

  it('reads the documents of pinned packages, and names those that are missing', () => {
    const { examples, missing } = readDocuments('node_modules')
    expect(missing).toEqual([])
    expect(examples.length).toBeGreaterThan(1_000)
    expect(readDocuments('nowhere').missing.length).toBeGreaterThan(20)
  })

  it('says in one sentence which payload list is missing', () => {
    expect(() => readPayloads('/nowhere/payloads-permissive.jsonl.gz')).toThrow(
      '/nowhere/payloads-permissive.jsonl.gz is missing: training needs the permissively licensed payload lists',
    )
  })

  it('reads a value as canonicalisation leaves it', () => {
    expect(canonical('%2527%20or%201%3d1')).toBe("' or 1=1")
  })

  it('has tokens that can be found', () => {
    const tokens = loadTokens()
    expect(tokens.length).toBeGreaterThan(50)
    for (const token of tokens) expect(symbolsOf(token).length).toBeGreaterThan(0)
  })
})

describe('the fit of the frozen scorer', () => {
  const tokens = ['<script', "' or "]
  const reader = createReader(10, tokens)
  const texts = [
    ...Array.from({ length: 40 }, (_, index) => ({ text: `a${index}' or ${index}=${index} -- `, isAttack: true })),
    ...Array.from({ length: 40 }, (_, index) => ({ text: `<script>alert(${index})</script>`, isAttack: true })),
    ...Array.from({ length: 80 }, (_, index) => ({
      text: `item ${index}, size: ${index}; it's fine`,
      isAttack: false,
    })),
  ]
  const samples = texts.map(({ text, isAttack }) => ({ features: reader.read(text), isAttack, weight: 1 }))
  const train = () =>
    fitWeights({
      samples,
      size: reader.size,
      firstToken: 2 ** 10,
      drift: -0.2,
      epochs: 8,
      batch: 32,
      learningRate: 0.1,
      l2: 1e-6,
      random: createRandom(2),
      log: () => {},
    })

  it('tells attacks from harmless values, with no token below zero', async () => {
    const { weights } = await train()
    const sums = samples.map(({ features, isAttack }) => ({ isAttack, sum: worstStretch(features, weights, -0.2).sum }))
    const least = Math.min(...sums.filter(({ isAttack }) => isAttack).map(({ sum }) => sum))
    const most = Math.max(...sums.filter(({ isAttack }) => !isAttack).map(({ sum }) => sum))
    expect(least).toBeGreaterThan(most)
    expect([...weights.subarray(2 ** 10)].every((weight) => weight >= 0)).toBe(true)
    expect(nextSpecial(texts[0]?.text ?? '', 0)).toBeGreaterThan(0)
  })

  it('gives the same weights for the same seed', async () => {
    const [first, second] = [await train(), await train()]
    expect([...first.weights]).toEqual([...second.weights])
  })

  it('calibrates: the mean probability is the share of attacks', () => {
    const random = createRandom(11)
    const measured = Array.from({ length: 4_000 }, () => {
      const sum = random() * 10
      return { sum, isAttack: random() < 1 / (1 + Math.exp(-(1.5 * sum - 6))), weight: 1, kind: 'made up' }
    })
    const { slope, offset } = calibrate(measured)
    const mean = measured.reduce((total, { sum }) => total + 1 / (1 + Math.exp(-(slope * sum + offset))), 0) / 4_000
    expect(mean).toBeCloseTo(measured.filter(({ isAttack }) => isAttack).length / 4_000, 3)
    expect(slope).toBeGreaterThan(1.2)
    expect(slope).toBeLessThan(1.8)
  })
})
