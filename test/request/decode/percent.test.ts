import { describe, expect, it } from '@jest/globals'
import { decodePercent } from '../../../src/request/decode/percent.ts'

describe('decodePercent', () => {
  it.each(['a', 'é', '你', '😀'])('reads long runs of %s as UTF-8, wherever the run begins', (character) => {
    for (let before = 0; before < 5; before += 1) {
      const decoded = decodePercent(`${'%41'.repeat(before)}${percentBytes(character).repeat(5_000)}`)
      expect(decoded?.text === 'A'.repeat(before) + character.repeat(5_000)).toBe(true)
      expect(decoded?.flags).toBe(0)
    }
  })
})

function percentBytes(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}
