import { describe, expect, it } from '@jest/globals'
import { DriftWatch } from '../../src/adaptive/drift-watch.ts'
import { FieldProfile } from '../../src/adaptive/field-profile.ts'

const profile = (sources: number): FieldProfile => {
  const made = new FieldProfile()
  for (let source = 0; source < sources; source += 1) made.count({ source, slice: 1, isTrusted: false })
  made.isMature = true
  return made
}

describe('DriftWatch', () => {
  it('sends a profile back to learning by distinct sources, never by how often one calls', () => {
    const changed = profile(20)
    const watch = new DriftWatch(8)
    for (let call = 0; call < 700; call += 1) expect(watch.note(changed, call % 7, 5)).toBe(false)
    expect(changed.isMature).toBe(true)
    expect(watch.note(changed, 7, 5)).toBe(true)
    expect([changed.isMature, changed.isRelearning, changed.quietSamples]).toEqual([false, true, 0])
  })

  it('asks for a fifth of the sources of a busy field', () => {
    const busy = profile(100)
    const watch = new DriftWatch(8)
    const needed = Array.from({ length: 40 }, (_, source) => watch.note(busy, source, 5)).indexOf(true) + 1
    expect(needed).toBeGreaterThan(10)
    expect(needed).toBeLessThanOrEqual(24)
  })

  it('does not add up what comes in over many slices', () => {
    const slow = profile(20)
    const watch = new DriftWatch(8)
    for (let source = 0; source < 30; source += 1) expect(watch.note(slow, source, source * 2)).toBe(false)
  })
})
