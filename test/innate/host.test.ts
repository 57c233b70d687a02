import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { kindsOfHost } from '../../src/innate/host-kinds.ts'
import { hostsIn } from '../../src/innate/operators/host.ts'

/** The same, told in one expression that tries every place. */
const reference =
  /(?:[a-z][a-z0-9+.-]{1,15}:[\\/]{1,3}|^[\\/]{2})(?:[^\s/?#\\<>"']{0,64}@)?(\[[0-9a-f:.%]{2,64}\]|[^\s/?#\\:@<>"'[\]]{1,253})/g

describe('hosts in a text', () => {
  it('are found where one expression over the whole text finds them', () => {
    const piece = fc.constantFrom(
      ...['http', 'a', 'x+y.z', '1', ':', ':/', '://', '//', '\\', '@', 'user@', '[::1]', '127.0.0.1', 'localhost'],
      ...[
        '169.254.169.254',
        '10.1.2.3',
        ' ',
        '?',
        '#',
        '"',
        '.',
        '-',
        '0',
        'averyveryverylongscheme',
        'http://127.0.0.1',
        '//10.1.2.3',
      ],
    )
    let found = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('')
        const expected = [...text.matchAll(reference)].flatMap((match) => {
          const kinds = kindsOfHost(match[1] ?? '')
          return kinds.length === 0 ? [] : [{ start: match.index, end: match.index + match[0].length, kinds }]
        })
        found += expected.length
        expect(hostsIn(text)).toEqual(expected)
      }),
      { numRuns: 5_000 },
    )
    expect(found).toBeGreaterThan(300)
  })
})
