import { describe, expect, it } from '@jest/globals'
import { directiveTable } from '../../../../src/innate/seclang/compile/directive-table.ts'
import { parseSecLang } from '../../../../src/innate/seclang/load-seclang.ts'
import type { ProgramSettings } from '../../../../src/innate/seclang/program.ts'
import { faultOf, programOf } from '../rule-texts.ts'

const settings: readonly (readonly [text: string, expected: Partial<ProgramSettings>])[] = [
  ['SecRuleEngine On', { engine: 'on' }],
  ['secruleengine OFF', { engine: 'off' }],
  ['SecRuleEngine "DetectionOnly"', { engine: 'detection-only' }],
  ['SecRequestBodyAccess Off', { requestBodyAccess: false }],
  ['SecRequestBodyLimit 10', { requestBodyLimit: 10 }],
  ['SecRequestBodyNoFilesLimit 11', { requestBodyNoFilesLimit: 11 }],
  ['SecRequestBodyLimitAction ProcessPartial', { requestBodyLimitAction: 'process-partial' }],
  ['SecRequestBodyJsonDepthLimit 12', { jsonDepthLimit: 12 }],
  ['SecArgumentsLimit 13', { argumentsLimit: 13 }],
  ['SecResponseBodyAccess On', { responseBodyAccess: true }],
  ['SecResponseBodyLimit 14', { responseBodyLimit: 14 }],
  ['SecResponseBodyLimitAction reject', { responseBodyLimitAction: 'reject' }],
  ['SecResponseBodyMimeType text/XML text/plain', { responseBodyMimeTypes: ['text/plain', 'text/html', 'text/xml'] }],
  ['SecResponseBodyMimeTypesClear\nSecResponseBodyMimeType a/b', { responseBodyMimeTypes: ['a/b'] }],
  ['SecArgumentSeparator ";"', { argumentSeparator: ';' }],
  ['SecCookieFormat 1', { cookieFormat: 1 }],
  ['SecCollectionTimeout 15', { collectionTimeoutSeconds: 15 }],
  ['SecWebAppId "shop one"', { webAppId: 'shop one' }],
  ['SecSensorId a1', { sensorId: 'a1' }],
]

const refused: readonly (readonly [text: string, reason: string])[] = [
  ['SecFoo on', 'test.conf:1: directive SecFoo is not known'],
  ['<IfModule security2_module>', 'test.conf:1: directive <IfModule is not known'],
  ['SecRuleEngine maybe', 'test.conf:1: expected On, Off or DetectionOnly, found `maybe`'],
  ['SecRuleEngine', 'test.conf:1: SecRuleEngine takes one value, found 0'],
  ['SecRuleEngine On Off', 'test.conf:1: SecRuleEngine takes one value, found 2'],
  ['\n\nSecRequestBodyAccess x', 'test.conf:3: expected On or Off, found `x`'],
  ['SecRequestBodyLimit 1k', 'test.conf:1: expected a number, found `1k`'],
  ['SecRequestBodyLimitAction Drop', 'test.conf:1: expected Reject or ProcessPartial, found `Drop`'],
  ['SecArgumentSeparator ab', 'test.conf:1: expected one character, found `ab`'],
  ['SecCookieFormat 2', 'test.conf:1: expected 0 or 1, found `2`'],
  ['SecMarker', 'test.conf:1: SecMarker takes one name'],
  ['SecAuditLog', 'test.conf:1: SecAuditLog takes a value'],
  ['SecUnicodeMapFile unicode.mapping', 'test.conf:1: SecUnicodeMapFile takes a file and the number of a code page'],
  ['SecRuleScript a.lua "id:1"', 'test.conf:1: SecRuleScript is not supported: no scripts are run'],
  [
    'SecRemoteRules k https://a/',
    'test.conf:1: SecRemoteRules is not supported: rules are never loaded over the network',
  ],
]

describe('directives', () => {
  it.each(settings)('reads %s', (text, expected) => expect(programOf(text).settings).toMatchObject(expected))

  it.each(refused)('refuses %s', (text, reason) => expect(faultOf(text)).toContain(reason))

  it('runs all of its cases', () => expect([settings.length, refused.length]).toEqual([19, 15]))

  it('has a case for every setting', () => {
    const named = settings.map(([text]) => text.toLowerCase()).join('\n')
    for (const [name, { kind }] of directiveTable) {
      if (kind === 'setting' && name !== 'secunicodemapfile') expect(named).toContain(name)
    }
  })

  it('reads the unicode map beside the file, for t:urlDecodeUni', () => {
    const rule = 'SecRule ARGS "@streq a" "id:1,phase:2,pass,t:none,t:urlDecodeUni"'
    const decoded = (directive: string): string => {
      const options = { readData: () => '1252\n20127 (US-ASCII)\n00aa:61 201c:22\n' }
      const program = parseSecLang(`${directive}\n${rule}`, 'test.conf', options)
      return program.rules[0]?.conditions[0].transformations[0]?.apply('%u201c') ?? ''
    }
    expect(decoded('SecUnicodeMapFile unicode.mapping 20127')).toBe('"')
    expect(decoded('SecRuleEngine On')).toBe('\x1c')
    expect(() => decoded('SecUnicodeMapFile unicode.mapping 936')).toThrow(
      'test.conf:1: SecUnicodeMapFile: the unicode map has no code page 936',
    )
  })

  it('takes SecParseXmlIntoArgs where it asks for nothing', () => {
    expect(programOf('SecParseXmlIntoArgs Off').rules).toEqual([])
  })

  it('accepts every directive that has no effect, and refuses every other one that is not supported', () => {
    const kinds = { rule: 0, setting: 0, idle: 0, refused: 0 }
    for (const { name, kind } of directiveTable.values()) {
      kinds[kind] += 1
      if (kind === 'idle') expect(programOf(`${name} a 1`).rules).toEqual([])
      if (kind === 'refused') expect(faultOf(`${name} a 1`)).toContain(`${name} is not supported`)
    }
    expect(kinds.idle).toBeGreaterThan(40)
    expect(kinds.refused).toBe(3)
  })

  it('tells what an operator should know of', () => {
    expect(programOf('SecGeoLookupDb a.mmdb\nSecAuditLogParts ABC').notices).toEqual([
      'SecGeoLookupDb has no effect: nothing waits for the network or a database while a request is inspected.',
    ])
  })

  it('is on and reads request bodies when nothing is said', () => {
    expect(programOf('').settings).toMatchObject({ engine: 'on', requestBodyAccess: true, responseBodyAccess: false })
  })

  it('says so when a quote stays open', () => {
    expect(programOf('SecAction "id:1,pass').notices).toEqual([
      'The last quote of test.conf:1 is not closed; the rest of the line is taken.',
    ])
  })
})
