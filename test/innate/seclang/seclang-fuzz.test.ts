import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ThymusError } from '../../../src/core/errors.ts'
import { actionTable, refusedActions } from '../../../src/innate/seclang/compile/action-table.ts'
import { controlTable } from '../../../src/innate/seclang/compile/control.ts'
import { directiveTable } from '../../../src/innate/seclang/compile/directive-table.ts'
import { logicalLines } from '../../../src/innate/seclang/parse/logical-lines.ts'
import { parseMacro } from '../../../src/innate/seclang/parse/macro-text.ts'
import { parseVariableList } from '../../../src/innate/seclang/parse/variable-list.ts'
import { splitWords } from '../../../src/innate/seclang/parse/words.ts'
import { programOf } from './rule-texts.ts'

/** True when a text gives a program, false when it is refused in the one way there is. */
function isAccepted(text: string): boolean {
  try {
    programOf(text)
    return true
  } catch (thrown) {
    if (!(thrown instanceof ThymusError) || thrown.code !== 'THY_RULE') throw thrown
    expect(thrown.message).toMatch(/^(?:test\.conf:\d+: |Rule file)/)
    return false
  }
}

const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
})
const noise = fc.oneof(
  bytes,
  fc.constantFrom('"', "'", '\\', '\\\n', '\n', ',', '|', ':', '!', '&', '/', ' ', '%{', '}', '@', '#', '=', ';', ''),
)
const actionText = fc
  .tuple(
    fc.constantFrom(...[...actionTable.keys(), ...refusedActions.keys()]),
    fc.oneof(
      fc.constant(''),
      fc.constantFrom(':1', ":'a, b'", ':tx.a=1', ':none', ':lowercase', ':%{tx.a}', ':ip=a', ':CRITICAL', ":'"),
      fc.constantFrom(...[...controlTable.values()].map(({ name }) => `:${name}=On`)),
      noise.map((text) => `:${text}`),
    ),
  )
  .map(([name, value]) => `${name}${value}`)
const ruleText = fc
  .tuple(
    fc.constantFrom('ARGS', 'ARGS|!ARGS:a', '&TX:b', 'XML:/*', "ARGS:'/a|b/'", 'FOO', 'ARGS:'),
    fc.constantFrom('a', '@rx a', '!@eq 0', '@pm a b', '@within %{tx.a}', '@nosuch', '@rx (', ''),
    fc.integer({ min: 0, max: 9 }),
    fc.array(actionText, { maxLength: 5 }),
  )
  .map(([targets, operator, id, actions]) => `SecRule ${targets} "${operator}" "${[`id:${id}`, ...actions].join(',')}"`)
const directiveText = fc
  .tuple(
    fc.constantFrom(...[...directiveTable.values()].map(({ name }) => name), 'Include', 'IncludeOptional'),
    fc.array(noise, { maxLength: 4 }),
  )
  .map(([name, words]) => `${name} ${words.join(' ')}`)
const fileText = fc
  .array(fc.oneof(ruleText, ruleText, directiveText, noise), { maxLength: 8 })
  .map((lines) => lines.join('\n'))

describe('the SecLang reader', () => {
  it('gives a program or a ThymusError for any bytes', () => {
    fc.assert(
      fc.property(bytes, (text) => typeof isAccepted(text) === 'boolean'),
      { numRuns: 300 },
    )
  })

  it('gives a program or a ThymusError for any file of directives', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(fileText, (text) => {
        if (isAccepted(text)) seen.accepted += 1
        else seen.refused += 1
      }),
      { numRuns: 1_500 },
    )
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(50)
  })

  it('gives a program or a ThymusError for any single rule, and takes many', () => {
    let accepted = 0
    fc.assert(
      fc.property(ruleText, (text) => {
        if (isAccepted(text)) accepted += 1
      }),
      { numRuns: 1_500 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  it('gives the same program for the same text', () => {
    fc.assert(
      fc.property(ruleText, (text) => {
        if (isAccepted(text)) expect(JSON.stringify(programOf(text))).toBe(JSON.stringify(programOf(text)))
      }),
      { numRuns: 200 },
    )
  })

  it('keeps what quotes hold, whatever it is', () => {
    fc.assert(
      fc.property(bytes, (text) => {
        const content = text.replace(/[\\"\n\r]/g, '')
        expect(splitWords(`A "${content}" b`).map((word) => word.text)).toEqual(['A', content, 'b'])
      }),
    )
  })

  it('loses no line that is not a comment', () => {
    const line = bytes.map((text) => `x${text.replace(/[\n\r\\]/g, '')}`)
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(logicalLines(lines.join('\n')).map(({ text }) => text)).toEqual(lines)
      }),
    )
  })
})

/** Whatever takes more than linear time runs for minutes here. */
describe('the cost of long texts', () => {
  const parts = [
    '"',
    "'",
    '\\',
    '\\\n',
    '%{',
    '%{tx.',
    '}',
    "ARGS:'",
    'ARGS:/',
    '|',
    ',',
    '/',
    '[',
    "a='",
    "msg:'",
    ' ',
    'A ',
    '!',
    '\n#',
    '=',
  ]

  it.each(parts)('ends for a quarter of a megabyte of %j', (part) => {
    const text = part.repeat(Math.ceil(250_000 / part.length))
    const quoted = text.replaceAll('"', '\\"').replaceAll('\n', ' ')
    expect(typeof isAccepted(text)).toBe('boolean')
    expect(typeof isAccepted(`SecRule ${text} a "id:1"`)).toBe('boolean')
    expect(typeof isAccepted(`SecRule "${quoted}" a "id:1"`)).toBe('boolean')
    expect(typeof isAccepted(`SecRule ARGS "@streq ${quoted}" "id:1"`)).toBe('boolean')
    expect(typeof isAccepted(`SecAction "id:1,${quoted}"`)).toBe('boolean')
    expect(typeof isAccepted(`SecAction "id:1,msg:'${quoted}'"`)).toBe('boolean')
    expect(typeof isAccepted(`SecAction "id:1,setvar:'tx.${quoted}'"`)).toBe('boolean')
    expect(typeof isAccepted(`SecRuleRemoveById ${quoted}`)).toBe('boolean')
    try {
      parseVariableList(text)
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(Error)
    }
    parseMacro(text, { isKnown: () => false, unknown: 'keep' })
  })

  it('runs all of its cases', () => expect(parts).toHaveLength(20))
})
