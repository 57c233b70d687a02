import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { loadScoreModel, logOddsOf } from '../../src/adaptive/score-model.ts'
import { ThymusError } from '../../src/core/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'thymus-score-'))
const { weights, tail } = loadScoreModel()
const withoutScorer = { weights: { ...weights, masked: 0 }, tail }

function loaded(content: string): unknown {
  const file = join(folder, 'model.json')
  writeFileSync(file, content)
  return loadScoreModel(true, pathToFileURL(file))
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('loadScoreModel', () => {
  it('reads what the fit has written', () => {
    expect(loaded(JSON.stringify({ version: 2, weights, tail, withoutScorer }))).toEqual({ weights, tail })
  })

  it.each([
    ['is not there', null],
    ['is empty', ''],
    ['is cut off', '{"version":2,"weights":{'],
    ['is of another version', JSON.stringify({ version: 1, weights, tail, withoutScorer })],
    [
      'has a negative weight',
      JSON.stringify({ version: 2, weights: { ...weights, surprise: -1 }, tail, withoutScorer }),
    ],
    [
      'has a weight that nobody knows',
      JSON.stringify({ version: 2, weights: { ...weights, more: 1 }, tail, withoutScorer }),
    ],
    ['lacks a weight', JSON.stringify({ version: 2, weights: { bias: 1 }, tail, withoutScorer })],
    [
      'has a belief out of its range',
      JSON.stringify({ version: 2, weights, tail: { ...tail, shape: 0 }, withoutScorer }),
    ],
  ])('says which file cannot be used when it %s', (_title, content) => {
    const load = () =>
      content === null ? loadScoreModel(true, pathToFileURL(join(folder, 'none.json'))) : loaded(content)
    expect(load).toThrow(ThymusError)
    expect(load).toThrow(/the model .+\.json cannot be used/)
  })
})

describe('logOddsOf', () => {
  it('never falls when there is more evidence, and never rises with more chances', () => {
    const figure = fc.double({ min: 0, max: 50, noNaN: true })
    fc.assert(
      fc.property(figure, figure, figure, figure, (masked, rarity, surprise, more) => {
        const type = surprise / 2
        const one = logOddsOf({ masked, rarity, type, surprise }, weights, 2)
        expect(logOddsOf({ masked: masked + more, rarity, type, surprise }, weights, 2)).toBeGreaterThanOrEqual(one)
        expect(logOddsOf({ masked, rarity: rarity + more, type, surprise }, weights, 2)).toBeGreaterThanOrEqual(one)
        expect(logOddsOf({ masked, rarity, type, surprise: surprise + more }, weights, 2)).toBeGreaterThanOrEqual(one)
        expect(logOddsOf({ masked, rarity, type, surprise }, weights, 2 + more)).toBeLessThanOrEqual(one)
      }),
    )
    expect(logOddsOf({ masked: 0, rarity: 0, type: 0, surprise: 0 }, weights, 3)).toBe(weights.bias)
  })
})
