import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { detectXss, explainXss } from '../../../src/innate/injection/detect-xss.ts'
import { xssAttacks, xssHarmless } from './xss-cases.ts'

const pieces = [
  ...[
    '<',
    '</',
    '<!',
    '<!--',
    '-->',
    '-!>',
    '--!>',
    '<![CDATA[',
    ']]>',
    '<?',
    '<%',
    '%>',
    '<!doctype',
    '>',
    '/>',
    '/',
    '=',
  ],
  ...['"', "'", '`', ' ', '\n', '\0', '\xff', 'a', 'on', 'onload', 'href', 'style', 'script', 'svg', 'b'],
  ...['&#', '&#x', '&#106;', '&#x6a', 'javascript:', 'data:', '-', '!', '[if', 'xml', 'import'],
]

const units = [
  ...[
    '<',
    '</',
    '<a ',
    '<a/',
    '<!--',
    '<!-',
    '<!-->',
    '<!--x-->',
    '<?',
    '<%',
    '<![CDATA[',
    '-',
    '--',
    '-\0',
    '-!',
    'a=',
    'a="',
    "a='",
  ],
  ...[
    'href=',
    'href=&#',
    'href=&#0',
    'href=\x01',
    'href="\n',
    '<a b=`',
    '> ',
    '= ',
    '\0',
    '<\0',
    '/',
    '"',
    "'",
    '`',
    '&#106',
  ],
]

describe('cross-site scripting', () => {
  it('is found in every attack of the table', () => {
    expect(xssAttacks.filter((text) => !detectXss(text))).toEqual([])
    expect(xssAttacks.length).toBeGreaterThanOrEqual(240)
  })

  it('is not seen in the harmless texts of the table', () => {
    expect(xssHarmless.filter((text) => detectXss(text))).toEqual([])
    expect(xssHarmless.length).toBeGreaterThanOrEqual(140)
  })

  it.each([
    ['<script>alert(1)</script>', 'data', 'a tag that runs or loads script', 'script'],
    ["x'onclick='alert(1)", 'single-quoted', 'an attribute that holds script', 'alert(1)'],
    ['x"style="a', 'double-quoted', 'style', 'a'],
    ['x`onclick=a', 'back-quoted', 'an attribute that holds script', 'a'],
    ['href=&#106;avascript:a', 'unquoted', 'an address that runs script', '&#106;avascript:a'],
    ['<!--[if IE]>', 'data', 'a comment that browsers read', '[if IE]>'],
    ['<set attributename=href>', 'data', 'an attribute that another one names', 'href'],
    ['<!DocType x>', 'data', 'a document type', ' x'],
  ])('explains %j', (text, context, why, found) => {
    expect(explainXss(text)).toEqual({ isXss: true, context, why, text: found })
  })

  it('explains nothing where nothing is', () => {
    expect(explainXss('<b>bold</b>')).toEqual({ isXss: false })
  })

  it('is found however the scheme of an address is written', () => {
    const spellings = ['javascript:', 'JaVaScRiPt:', '&#106;avascript:', '&#x6A;avascript:', '&#0000106avascript:']
    spellings.push(
      '\x01javascript:',
      ' javascript:',
      'java\nscript:',
      'j\0avascript:',
      'vbscript:',
      'data:',
      'view-source:',
    )
    for (const scheme of spellings)
      expect({ scheme, isXss: detectXss(`<a href="${scheme}x">`) }).toEqual({ scheme, isXss: true })
    for (const scheme of ['https:', '/', '#', 'mailto:', '&#104;ttp:', 'jav', '&amp;javascript:']) {
      expect({ scheme, isXss: detectXss(`<a href="${scheme}">`) }).toEqual({ scheme, isXss: false })
    }
  })

  it('is found whether tags and attributes are written large or small', () => {
    for (const text of xssAttacks) expect(detectXss(text.toUpperCase())).toBe(detectXss(text.toLowerCase()))
  })

  it('needs a `<` or an equals sign', () => {
    const plain = fc
      .array(fc.integer({ min: 0, max: 255 }), { maxLength: 80 })
      .map((codes) => String.fromCharCode(...codes).replace(/[<=]/g, ''))
    fc.assert(fc.property(plain, (text) => !detectXss(text)))
  })

  it('gives a verdict for any bytes', () => {
    const texts = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((list) => list.join('')),
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 }).map((codes) => String.fromCharCode(...codes)),
    )
    fc.assert(
      fc.property(texts, (text) => explainXss(text).isXss === detectXss(text)),
      { numRuns: 3000 },
    )
  })

  it('reads each byte at most five times, whatever is repeated', () => {
    for (const unit of units) {
      for (const kilobytes of [1, 4, 16, 64]) {
        for (const head of ['', '<a ', '<!--', "' ", '<b c=']) {
          const text = head + unit.repeat((kilobytes * 1024) / unit.length)
          const work = { spent: 0, limit: Number.POSITIVE_INFINITY }
          detectXss(text, work)
          expect(work.spent).toBeLessThanOrEqual(5 * text.length + 1)
        }
      }
    }
  })
})
