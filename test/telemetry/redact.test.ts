import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { maxShown, redact, singleLine } from '../../src/telemetry/redact.ts'

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const base64 = base64url.replace('-_', '+/')

function tokens(alphabet: string, minLength: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...alphabet), { minLength, maxLength: 120 })
    .map((signs) => signs.join(''))
    .filter((token) => /[0-9]/.test(token) && /[A-Z]/.test(token) && /[a-z]/.test(token))
}

/** Letters and digits only count as shown: a mask keeps the punctuation and stands for the rest. */
function longestShared(secret: string, shown: string): number {
  let longest = 0
  for (let from = 0; from < secret.length; from += 1)
    for (let to = from + longest + 1; to <= secret.length; to += 1) {
      const piece = secret.slice(from, to)
      if (!shown.includes(piece)) break
      if (/[^x9X_+/=.-]/.test(piece)) longest = to - from
    }
  return longest
}

describe('redact', () => {
  it('never shows more than a few characters of a token, wherever it stands', () => {
    const secret = fc.oneof(
      tokens(base64url, 16),
      tokens(base64, 20),
      fc.uuid(),
      tokens(base64url, 40).map((token) => `eyJ${token}.${token}`),
    )
    const before = fc.constantFrom('', '?page=1&sort=', 'Bearer ', "' or ", '<b>', 'sid=', '{"a":"', ' ')
    const after = fc.constantFrom('', "'", ' --', '"}', '&x=1', '</b>')
    const length = fc.integer({ min: 8, max: 200 })
    fc.assert(
      fc.property(secret, before, after, length, (token, head, tail, maxLength) => {
        expect(longestShared(token, redact(`${head}${token}${tail}`, maxLength))).toBeLessThanOrEqual(maxShown)
      }),
      { numRuns: 1_000 },
    )
  })

  it('hides secrets by their name, even short ones', () => {
    const cases = [
      'password=hunter',
      'pwd: "abc"',
      '{"apiKey":"zzz"}',
      'access_token=q',
      'Authorization: Basic abcd',
      'session_id=ab',
      "secret = 'open'",
    ]
    for (const text of cases) {
      const shown = redact(text)
      for (const word of ['hunter', 'abc', 'zzz', '=q', 'abcd', '=ab', 'open']) expect(shown).not.toContain(word)
    }
    expect(cases).toHaveLength(7)
  })

  it('hides addresses and long numbers of people', () => {
    expect(redact('ada.lovelace@example.org wrote')).toBe('xxx.xxxxxxxx@xxxxxxx.xxx wrote')
    expect(redact('card 4111111111111111 cvc 123')).toBe('card 9999999999999999 cvc 123')
    expect(redact('+49 30 1234567')).toBe('+99 99 9999999'.replace('+99 99', '+49 30'))
  })

  it('leaves attacks readable', () => {
    const attacks = [
      "1' union select null, version()--",
      '../../../../etc/passwd',
      '<script>alert(1)</script>',
      '; cat /etc/shadow',
      '{{7*7}}',
      "admin' or '1'='1",
    ]
    for (const attack of attacks) expect(redact(attack)).toBe(attack)
    expect(attacks).toHaveLength(6)
  })

  it('is one line of bounded length, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 400 })),
        fc.integer({ min: 1, max: 120 }),
        (text, maxLength) => {
          for (const shown of [redact(text, maxLength), singleLine(text, maxLength)]) {
            expect(shown.length).toBeLessThanOrEqual(maxLength + 1)
            expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
          }
        },
      ),
    )
  })

  it('stays linear on long hostile text', () => {
    for (const piece of ['a', 'a@', 'key=', '1a', './', '"'] as const) {
      expect(redact(piece.repeat(2_000_000)).length).toBeLessThanOrEqual(97)
      expect(redact(piece.repeat(4_000), 8_000).length).toBeLessThanOrEqual(8_001)
    }
  })
})
