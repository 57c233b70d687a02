import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { forEachPhrase } from '../../src/memory/phrases.ts'

function phrasesOf(value: string): readonly number[] {
  const found = new Set<number>()
  forEachPhrase(value, (hash) => found.add(hash))
  return [...found].sort((left, right) => left - right)
}

const attack = "-1' UNION SELECT name, 17 FROM users"

describe('phrases', () => {
  it('do not change with what an attacker chooses freely', () => {
    const same = [
      '-1" union select name, 17 from users',
      "-1' UNION/**/SELECT/*x*/other_column, 4 FROM accounts",
      "-1'\tUNION\nSELECT 'a', 'b' FROM t",
      "-1' /*!50000UNION*/ SELECT a, 1 FROM t",
    ]
    for (const variant of same) expect([variant, phrasesOf(variant)]).toEqual([variant, phrasesOf(attack)])
    expect(same).toHaveLength(4)
  })

  it('read words of the same use alike', () => {
    expect(phrasesOf('<svg onload=alert(1)>')).toEqual(phrasesOf('<img onerror=confirm(2)>'))
    expect(phrasesOf('; cat /etc/passwd')).toEqual(phrasesOf('; tac /etc/shadow'))
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the attack is written so.
    expect(phrasesOf('${jndi:ldap://a}')).toEqual(phrasesOf('${jndi:rmi://b}'))
  })

  it('tell attacks of different build apart', () => {
    const distinct = [attack, '<svg onload=alert(1)>', '../../../../etc/passwd', '; cat /etc/passwd']
    expect(new Set(distinct.map((value) => phrasesOf(value).join())).size).toBe(distinct.length)
  })

  it('of plain prose say nothing', () => {
    forEachPhrase("it's a quiet day, and we - the two of us - walk 3.5 km", (_, strength) => {
      expect(strength).toBeLessThan(4)
    })
  })

  it('are whole numbers of 32 bits with a strength from 0 to 6, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (value) => {
        let count = 0
        forEachPhrase(value, (hash, strength) => {
          count += 1
          expect(hash >>> 0).toBe(hash)
          expect(strength).toBeGreaterThanOrEqual(0)
          expect(strength).toBeLessThanOrEqual(6)
        })
        expect(count).toBeLessThanOrEqual(value.length)
      }),
    )
  })

  it('stay within reading distance of a comment or a quote that never ends', () => {
    for (const opener of ['/*', "'", '"a ', '/*!']) {
      let count = 0
      forEachPhrase(opener.repeat(50_000), () => {
        count += 1
      })
      expect(count).toBeLessThanOrEqual(opener.length * 50_000)
    }
  })
})
