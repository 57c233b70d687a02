import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { readXml } from '../../../../src/innate/seclang/variables/xml-reader.ts'
import { compileXPath } from '../../../../src/innate/seclang/variables/xpath.ts'
import { messageOf, textsOf } from './message-case.ts'

/** Own documents with what libxml2 2.9.14 selects in them, as recorded from it. */
type Recorded = { readonly document: string; readonly answers: Readonly<Record<string, readonly string[]>> }

const recorded: readonly Recorded[] = readFileSync(new URL('./xpath-answers.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded)

describe('XPath of XML', () => {
  it('selects what libxml2 selects', () => {
    let compared = 0
    for (const { document, answers } of recorded) {
      const read = readXml(Buffer.from(document, 'latin1'))
      expect(read.error).toBeNull()
      for (const [path, texts] of Object.entries(answers)) {
        expect({ document, path, texts: compileXPath(path).select(read) }).toEqual({ document, path, texts })
        compared += 1
      }
    }
    expect(compared).toBe(800)
  })

  it.each([
    ['a/b', 'must start with / or //'],
    ['', 'must start with / or //'],
    ['/', 'an empty step'],
    ['/a/', 'an empty step'],
    ['/a[1]', 'predicate'],
    ['/a[last()]', 'predicate'],
    ['/a[text()', 'predicate'],
    ['//@a[text()]', 'predicate'],
    ['/child::a', 'axis'],
    ['//comment()', 'function or node test'],
    ['/text()/a', 'only the last step'],
    ['//@a/b', 'only the last step'],
    ['/s:Envelope', 'namespace prefix'],
    ['/a|', 'union'],
    ['/..', 'step ".."'],
    ['/.', 'step "."'],
    ['/1a', 'step "1a"'],
    ['count(//a)', 'must start with / or //'],
  ])('refuses %j by name', (path, why) => {
    expect(() => compileXPath(path)).toThrow(why)
  })

  it('gives members under their path, and none without a document', () => {
    const variables = messageOf({ body: '<a x="1">t</a>', processor: 'XML' })
    expect(variables.xml('//@*')).toEqual([{ key: '//@*', value: '1' }])
    expect(variables.xml('/*')).toBe(variables.xml('/*'))
    expect(textsOf(variables, 'XML')).toEqual([])
    expect(messageOf({ body: '<a/>' }).xml('/*')).toEqual([])
  })

  it('keeps what was read of a document that breaks off', () => {
    const variables = messageOf({ body: '<a><b>attack</b>', processor: 'XML' })
    expect(variables.xml('/*')).toEqual([{ key: '/*', value: 'attack' }])
    expect(textsOf(variables, 'REQBODY_PROCESSOR_ERROR')).toEqual(['=1'])
  })

  it('never expands an entity', () => {
    const declared = '<!DOCTYPE a [<!ENTITY e "expanded"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    const variables = messageOf({ body: `${declared}<a b="&e;">&e;&f;</a>`, processor: 'XML' })
    expect(textsOf(variables, 'REQBODY_ERROR')).toEqual(['=0'])
    expect(variables.xml('/*').map(({ value }) => value)).toEqual(['&e;&f;'])
    expect(variables.xml('//@*').map(({ value }) => value)).toEqual(['&e;'])
  })

  it('reads UTF-16 and Latin-1 as UTF-8', () => {
    const utf16 = Buffer.from('\ufeff<a>é</a>', 'utf16le').toString('latin1')
    expect(messageOf({ body: utf16, processor: 'XML' }).xml('/*')).toEqual([{ key: '/*', value: '\xc3\xa9' }])
    const declared = '<?xml version="1.0" encoding="windows-1252"?><a>\x80</a>'
    expect(messageOf({ body: declared, processor: 'XML' }).xml('/*')).toEqual([{ key: '/*', value: '\xe2\x82\xac' }])
  })
})
