import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { detectorKinds } from '../../src/adaptive/acting-detectors.ts'
import type { Sketch } from '../support/canonical.ts'
import { createScene } from './fixture.ts'

/** Harmless text, marks of attacks and words of them, in any mixture. */
const part = fc.oneof(
  fc.constantFrom(
    'amber',
    'O',
    'x7',
    ' ',
    "'",
    '"',
    '<',
    '>',
    '/',
    '../',
    '=',
    ';',
    '--',
    'é',
    '😀',
    '%',
    '\u0000',
    '[',
    '{',
  ),
  fc.constantFrom(
    'union select',
    'or 1=1',
    '<script>',
    'etc/passwd',
    '$(id)',
    '{{7*7}}',
    'sleep(5)',
    '12',
    '-3',
    '1e9',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const value = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''))
const targetOf = (text: string) => ({ target: `/s?q=${encodeURIComponent(text.toWellFormed())}&page=1` })

describe('negative selection', () => {
  it('leaves no detector that acts on a value of self that it was screened against', () => {
    let screened = 0
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 12 }),
        fc.array(value, { maxLength: 6 }),
        (self, others) => {
          const scene = createScene({ minSamples: 1 })
          for (const text of self) scene.vet(targetOf(text))
          for (const text of others) scene.findings(targetOf(text))
          const matches = () => scene.adaptive.detectors(1_000).reduce((sum, detector) => sum + detector.matches, 0)
          const before = matches()
          for (const text of self) expect(scene.findings(targetOf(text))).toEqual([])
          expect(matches()).toBe(before)
          for (const detector of scene.adaptive.detectors(1_000)) {
            expect(detector).toMatchObject({ state: 'mature', selfMatches: 0, screenedAgainst: self.length })
            screened += 1
          }
        },
      ),
      { numRuns: 80 },
    )
    expect(screened).toBeGreaterThan(100)
  })

  it('screens what acts against values that become self later, and retires it then', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 6 }),
        fc.array(value, { minLength: 1, maxLength: 6 }),
        (self, later) => {
          const scene = createScene({ minSamples: 1 })
          for (const text of self) scene.vet(targetOf(text))
          for (const text of later) scene.findings(targetOf(text))
          for (const text of later) scene.vet(targetOf(text))
          scene.adaptive.learn()
          for (const detector of scene.adaptive.detectors(1_000)) {
            if (detector.state === 'retired')
              expect(detector).toMatchObject({ retiredBecause: 'matched-self', selfMatches: 1 })
            else expect(detector).toMatchObject({ selfMatches: 0, screenedAgainst: self.length + later.length })
          }
          for (const text of [...self, ...later]) expect(scene.findings(targetOf(text))).toEqual([])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('makes every kind of detector visible, inherited ones too', () => {
    const scene = createScene({ minSamples: 1 })
    for (let index = 0; index < 40; index += 1) {
      scene.vet({ target: `/s?q=amber${index}&page=${10 + index}&state=${index % 2 === 0 ? 'new' : 'paid'}` })
    }
    const attacks = [
      "1' union select password from users--",
      'ab;',
      'amber'.repeat(40),
      '<script>alert(1)</script>',
      'x@y.zz',
    ]
    for (const text of attacks) {
      scene.findings({ target: `/s?q=${encodeURIComponent(text)}&page=10&state=new` })
      scene.findings({ target: `/s?q=amber1&page=10&state=${encodeURIComponent(text)}` })
      scene.findings({ target: `/s?q=amber1&page=${encodeURIComponent(text)}&state=new` })
    }
    for (const page of ['99999999', '-4', 'void']) scene.findings({ target: `/s?q=amber1&page=${page}&state=new` })
    scene.findings({ target: '/s?q=amber1&page=10&state=lost' })
    const kinds = new Set(scene.adaptive.detectors(1_000).map(({ kind }) => kind))
    for (const kind of ['chunk', 'inherited', 'value'] as const) expect(kinds).toContain(kind)
    expect(kinds.size).toBeGreaterThanOrEqual(4)
    expect(detectorKinds).toEqual(expect.arrayContaining([...kinds]))
  })

  it('is silent about what a person called normal, there and nowhere else, after a restart too', () => {
    const scene = createScene({ minSamples: 1 })
    for (let index = 0; index < 60; index += 1) scene.vet({ target: `/s?q=amber${index % 9}&r=basil${index % 9}` })
    const foreign = { target: `/s?q=${encodeURIComponent("a'); drop--")}&r=basil1` }
    expect(scene.findings(foreign).length).toBeGreaterThan(0)
    for (let round = 0; round < 60 && scene.findings(foreign).length > 0; round += 1) {
      for (const { id, state } of scene.adaptive.detectors(1_000)) {
        if (state !== 'retired')
          expect(scene.adaptive.retireDetector(id)).toMatchObject({ retiredBecause: 'false-positive' })
      }
    }
    expect(scene.findings(foreign)).toEqual([])
    expect(scene.findings({ target: `/s?q=amber1&r=${encodeURIComponent("a'); drop--")}` }).length).toBeGreaterThan(0)
    expect(scene.adaptive.retireDetector('r3-99-1')).toBeUndefined()
    const copy = createScene({ minSamples: 1 })
    copy.adaptive.restore(scene.adaptive.save())
    expect(copy.findings(foreign)).toEqual([])
    expect(copy.adaptive.detectors(1_000)).toEqual(scene.adaptive.detectors(1_000))
  })

  it('keeps the word of a person when self expires and when others crowd the repertoire', () => {
    const scene = createScene({ minSamples: 5, sliceMs: 1_000, expiryMs: 60_000 })
    const known = (index: number, atMs: number) => ({
      target: `/s?q=amber${index % 9}&ref=${index}`,
      address: `10.${index % 7}.${index % 240}.9`,
      atMs,
    })
    const aboutQ = (sketch: Sketch) => scene.findings(sketch).filter(({ field }) => field?.name === 'q')
    for (let index = 0; index < 200; index += 1) scene.offer(known(index, index * 100))
    const foreign = { target: `/s?q=${encodeURIComponent('a~~b<')}&ref=7`, atMs: 21_000 }
    expect(aboutQ(foreign).length).toBeGreaterThan(0)
    for (let round = 0; round < 20 && aboutQ(foreign).length > 0; round += 1) {
      for (const { id } of scene.adaptive.detectors(1_000)) scene.adaptive.retireDetector(id)
    }
    expect(aboutQ(foreign)).toEqual([])
    for (let index = 0; index < 3_000; index += 1) scene.offer(known(index, 30_000 + index * 100))
    expect(aboutQ({ ...foreign, target: foreign.target.replace('~~', '~%3D') }).length).toBeGreaterThan(0)
    expect(aboutQ(foreign)).toEqual([])
  })
})
