import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Operator, Subject } from '../../../../src/innate/operators/operator.ts'
import type { Macro } from '../../../../src/innate/seclang/macro.ts'
import type { OperatorContext } from '../../../../src/innate/seclang/operators/sec-operator.ts'
import { secOperatorTable } from '../../../../src/innate/seclang/operators/table.ts'
import { byteStrings } from '../byte-strings.ts'

type Answer = readonly [argument: string, text: string, isMatch: boolean, captures?: readonly string[]]
/** Arguments and texts of our own with what libmodsecurity 3.0.9 says of them. */
const answers = JSON.parse(readFileSync(new URL('./reference-answers.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, readonly Answer[]>
>

type Given = { readonly files?: Readonly<Record<string, string>>; readonly notices?: string[] }

function compile(name: string, argument: Macro, { files = {}, notices = [] }: Given = {}): Operator {
  const context: OperatorContext = {
    readData: (file) => {
      const content = files[file]
      if (content === undefined) throw new Error(`no file ${file}`)
      return content
    },
    notice: (sentence) => notices.push(sentence),
    isLowerCased: false,
  }
  const compiler = secOperatorTable.get(name.toLowerCase())
  if (compiler === undefined) throw new Error(`no operator ${name}`)
  return compiler.compile(argument, context)
}

function subjectOf(text: string, values: Readonly<Record<string, string>> = {}): Subject {
  const expand = (macro: Macro): string =>
    typeof macro === 'string'
      ? macro
      : macro.map((part) => (typeof part === 'string' ? part : (values[part.key ?? part.collection] ?? ''))).join('')
  return { text, lower: text.toLowerCase(), flags: 0, decodeDepth: 0, expand }
}

const matches = (operator: Operator, text: string): boolean => operator.test(subjectOf(text))

function capturesOf(operator: Operator, text: string): readonly string[] {
  const groups = operator.capture?.(subjectOf(text)) ?? []
  return groups.slice(0, groups.findLastIndex((group) => group !== '') + 1)
}

const methods: Macro = [{ collection: 'TX', key: 'methods' }]

describe('secOperatorTable', () => {
  it('holds every operator of the reference manual by its lower-case name', () => {
    const names = [...secOperatorTable.values()].map(({ name }) => name)
    expect(names).toHaveLength(40)
    expect([...secOperatorTable.keys()]).toEqual(names.map((name) => name.toLowerCase()))
  })

  it('says of every recorded text what the reference says, and captures the same', () => {
    const cases = Object.entries(answers).flatMap(([name, list]) => list.map((answer) => ({ name, answer })))
    const wrong = cases.filter(({ name, answer: [argument, text, isMatch, captures] }) => {
      const operator = compile(name, argument)
      const hasSame = captures === undefined || capturesOf(operator, text).join('\n') === captures.join('\n')
      return matches(operator, text) !== isMatch || !hasSame
    })
    expect(wrong).toEqual([])
    expect(cases).toHaveLength(627)
  })
})

const words = byteStrings([
  'a',
  'b',
  'ab',
  'AB',
  'abc',
  'x y',
  '1',
  '4111111111111111',
  '%',
  '%41',
  '\xe9',
  '\xc9',
  '\0',
])
const fixed: readonly (readonly [string, string])[] = [
  ['contains', 'aB'],
  ['containsWord', 'Ab'],
  ['strmatch', 'b'],
  ['streq', 'AB'],
  ['beginsWith', 'AB'],
  ['endsWith', 'X y'],
  ['pm', 'Abc x B1 aa'],
  ['validateUrlEncoding', ''],
  ['rx', '(?i)abc|[x1] ?y'],
  ['verifyCC', '\\d{16}'],
]

describe('what is known without a request', () => {
  it('names literals of which one of each group is in every matching text', () => {
    let seen = 0
    for (const [name, argument] of fixed) {
      const operator = compile(name, argument)
      fc.assert(
        fc.property(words, (text) => {
          if (!matches(operator, text)) return
          seen += 1
          const lower = text.toLowerCase()
          expect(operator.literals.every((group) => group.some((literal) => lower.includes(literal)))).toBe(true)
        }),
        { numRuns: 300 },
      )
    }
    expect(seen).toBeGreaterThan(100)
  })

  it('names no literal for an argument that is empty, has bytes beyond ASCII or has macros', () => {
    expect(compile('contains', '').literals).toEqual([])
    expect(compile('pm', 'abc \xe9t').literals).toEqual([])
    expect(compile('contains', methods).literals).toEqual([])
    expect(compile('within', 'GET POST').literals).toEqual([])
    expect(compile('pm', 'ABC def abc').literals).toEqual([['abc', 'def']])
  })

  it('finds a span inside every matching text', () => {
    for (const [name, argument] of fixed) {
      const operator = compile(name, argument)
      fc.assert(
        fc.property(words, (text) => {
          if (!matches(operator, text)) return
          const { start, end } = operator.locate(subjectOf(text))
          expect(0 <= start && start <= end && end <= text.length).toBe(true)
        }),
      )
    }
  })
})

describe('macros', () => {
  it.each([
    ['within', 'GET', true],
    ['within', 'PUT', false],
    ['contains', ' GET POST ', true],
    ['streq', 'GET POST', true],
    ['beginsWith', 'GET POST!', true],
    ['endsWith', '!GET POST', true],
    ['containsWord', 'xGET POST', false],
    ['rx', 'GET POST', true],
  ])('are filled in for each call: %s of %j', (name, text, isMatch) => {
    expect(compile(name, methods).test(subjectOf(text, { methods: 'GET POST' }))).toBe(isMatch)
  })

  it('compare numbers that only a request knows', () => {
    const limit = compile('gt', [{ collection: 'TX', key: 'limit' }])
    expect(limit.test(subjectOf('11', { limit: '10' }))).toBe(true)
    expect(limit.test(subjectOf('10', { limit: '10' }))).toBe(false)
    expect(limit.test(subjectOf('1'))).toBe(true)
  })

  it('make a pattern that never matches when what is filled in is no pattern', () => {
    expect(compile('rx', methods).test(subjectOf('(', { methods: '(' }))).toBe(false)
  })

  it.each(['pm', 'pmFromFile', 'ipMatch', 'validateByteRange', 'verifyCC'])('are refused by %s', (name) => {
    expect(() => compile(name, methods)).toThrow(`@${name} cannot take a macro`)
  })
})

describe('pm', () => {
  it('reads bytes between bars and escapes before special characters', () => {
    const operator = compile('pm', 'a|20 62|c d\\|e')
    expect(matches(operator, 'xa')).toBe(true)
    expect(matches(operator, 'd|e')).toBe(true)
    expect(matches(compile('pm', 'x|6263|y'), 'xBCy')).toBe(true)
  })

  it('takes an argument as written when an escape in it is wrong', () => {
    expect(matches(compile('pm', '|zz| q'), '|zz|')).toBe(true)
    expect(matches(compile('pm', 'a\\w'), 'a\\w')).toBe(true)
    expect(matches(compile('pm', 'a|'), 'a|')).toBe(true)
  })

  it('captures the phrase whose occurrence ends first, the longest of those, as the rule spells it', () => {
    expect(capturesOf(compile('pm', 'bc aBC xyz'), 'xyabcxyz')).toEqual(['aBC'])
    expect(compile('pm', 'bc aBC').locate(subjectOf('xxabc'))).toEqual({ start: 2, end: 5 })
  })

  it('finds a phrase exactly where a search in the folded text does', () => {
    const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    const phrase = fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'c', '\xe9', '\xc9'), minLength: 1, maxLength: 4 })
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'c', 'd', '\xe9', '\xc9'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(phrase, { minLength: 1, maxLength: 6 }), text, (phrases, one) => {
        const operator = compile('pm', phrases.join(' '))
        expect(matches(operator, one)).toBe(phrases.some((each) => fold(one).includes(fold(each))))
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses an argument without phrases', () => {
    expect(() => compile('pm', '  ')).toThrow('@pm has no phrases')
  })
})

describe('pmFromFile', () => {
  const files = { 'a.data': '# comment\n\n  two words \r\nOne\n', 'b.data': 'three\n' }

  it('reads one phrase a line and passes over comments and blank lines', () => {
    const operator = compile('pmFromFile', 'a.data b.data', { files })
    expect(matches(operator, 'TWO  words')).toBe(false)
    expect(matches(operator, 'TWO words')).toBe(true)
    expect(matches(operator, 'comment')).toBe(false)
    expect(capturesOf(compile('pmf', 'a.data', { files }), 'stones one')).toEqual(['One'])
    expect(operator.literals).toEqual([['two words', 'one', 'three']])
  })

  it('passes on what is wrong with the file', () => {
    expect(() => compile('pmFromFile', 'c.data', { files })).toThrow('no file c.data')
    expect(() => compile('pmFromFile', '')).toThrow('@pmFromFile needs the name of a file')
  })
})

describe('ipMatch', () => {
  const operator = compile('ipMatch', '10.1.2.3/8, 192.168.1.7,2001:DB8::/33,::ffff:1.2.3.0/120')
  it.each([
    ['10.0.0.0', true],
    ['10.255.255.255', true],
    ['9.255.255.255', false],
    ['11.0.0.0', false],
    ['192.168.1.7', true],
    ['192.168.1.8', false],
    ['2001:db8:7fff::1', true],
    ['2001:db8:8000::', false],
    ['::ffff:1.2.3.200', true],
    ['1.2.3.200', false],
    ['10.0.0', false],
    ['010.0.0.1', false],
    ['fe80::1%eth0', false],
    ['', false],
  ])('says of %j: %j', (address, isMatch) => {
    expect(matches(operator, address)).toBe(isMatch)
  })

  it.each(['10.0.0.0/33', '::/129', '10.0.0', 'x', '1.2.3.4/8/8', '1.2.3.4/-1'])('refuses %s', (network) => {
    expect(() => compile('ipMatch', network)).toThrow('is no address or network')
  })

  it('takes whole families and nested networks', () => {
    expect(matches(compile('ipMatch', '0.0.0.0/0,10.0.0.0/8,10.0.0.1'), '255.255.255.255')).toBe(true)
    expect(matches(compile('ipMatch', '::/0'), '1.2.3.4')).toBe(false)
    expect(matches(compile('ipMatch', '10.0.0.0/8,10.1.0.0/16'), '10.200.0.1')).toBe(true)
  })

  it('reads networks of a file, one a line', () => {
    const files = { 'n.data': '# office\n10.0.0.0/8\n\n2001:db8::1\n' }
    for (const name of ['ipMatchFromFile', 'ipMatchF']) {
      expect(matches(compile(name, 'n.data', { files }), '10.9.9.9')).toBe(true)
      expect(matches(compile(name, 'n.data', { files }), '2001:db8::2')).toBe(false)
    }
  })
})

describe('encodings', () => {
  it.each(['256', '9-300', 'x', '5-1', '', '1-2-3'])('validateByteRange refuses %j', (argument) => {
    expect(() => compile('validateByteRange', argument)).toThrow('is no byte or range')
  })

  it('validateUtf8Encoding says yes exactly when a strict decoder refuses', () => {
    const isValid = (text: string): boolean => {
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'))
        return true
      } catch {
        return false
      }
    }
    const operator = compile('validateUtf8Encoding', '')
    const pieces = ['a', '\xc3\xa9', '\xe2\x82\xac', '\xf0\x9f\x98\x80', '\xed\xa0\x80', '\xc0\x80', '\xf4\x90', '\x80']
    fc.assert(
      fc.property(byteStrings(pieces), (text) => expect(matches(operator, text)).toBe(!isValid(text))),
      { numRuns: 2000 },
    )
  })
})

describe('injections', () => {
  it('detectSQLi matches an injection and captures a fingerprint', () => {
    const operator = compile('detectSQLi', '')
    expect(matches(operator, "1' or '1'='1")).toBe(true)
    expect(capturesOf(operator, "1' or '1'='1")[0]).toMatch(/^.+$/)
    expect(matches(operator, 'a plain sentence')).toBe(false)
  })

  it('detectXSS matches markup that runs a script and captures the text', () => {
    const operator = compile('detectXSS', '')
    expect(capturesOf(operator, '<script>alert(1)</script>')).toEqual(['<script>alert(1)</script>'])
    expect(matches(operator, '<script>alert(1)</script>')).toBe(true)
    expect(matches(operator, 'a plain sentence')).toBe(false)
  })
})

describe('rxGlobal', () => {
  it('captures the groups of all matches in a row, ten at most', () => {
    expect(capturesOf(compile('rxGlobal', 'a(b)?'), 'ab a ab')).toEqual(['ab', 'b', 'a', 'ab', 'b'])
    expect(capturesOf(compile('rxGlobal', 'a'), 'a'.repeat(30))).toHaveLength(10)
  })
})

describe('operators that are not run', () => {
  it.each(['rbl', 'geoLookup'])('%s never matches and tells why', (name) => {
    const notices: string[] = []
    expect(matches(compile(name, 'x', { notices }), 'anything')).toBe(false)
    expect(notices).toHaveLength(1)
    expect(notices[0]).toContain(`@${name} never matches`)
  })

  it.each(['gsbLookup', 'inspectFile', 'fuzzyHash', 'rsub', 'validateDTD', 'validateSchema', 'validateHash'])(
    '%s is refused by name',
    (name) => {
      expect(() => compile(name, 'x')).toThrow(`@${name} is not supported: `)
    },
  )

  it('noMatch and unconditionalMatch are constant', () => {
    expect(matches(compile('noMatch', ''), '')).toBe(false)
    expect(matches(compile('unconditionalMatch', ''), '')).toBe(true)
  })
})

describe('any text', () => {
  it('is judged by every operator without a fault', () => {
    const argument: Readonly<Record<string, string>> = {
      ipMatch: '10.0.0.0/8',
      pmf: 'f',
      validateByteRange: '32-126',
      rx: '(a)|b+',
      verifyCC: '\\d+',
    }
    const files = { f: '10.0.0.1\n' }
    const refused = new Set<string>()
    for (const { name } of secOperatorTable.values()) {
      let operator: Operator
      try {
        const isFile = name.includes('F')
        operator = compile(name, argument[name] ?? (isFile ? 'f' : '\\d{3,9}'), { files })
      } catch {
        refused.add(name)
        continue
      }
      fc.assert(
        fc.property(words, (text) => {
          const subject = subjectOf(text)
          if (!operator.test(subject)) return
          expect(operator.locate(subject).end).toBeLessThanOrEqual(text.length)
          expect(operator.capture?.(subject).length ?? 0).toBeLessThanOrEqual(10)
        }),
      )
    }
    expect(refused.size).toBe(7)
  })
})
