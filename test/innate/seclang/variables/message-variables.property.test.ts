import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { knownVariables } from '../../../../src/innate/seclang/variables/known-variables.ts'
import { readXml } from '../../../../src/innate/seclang/variables/xml-reader.ts'
import { messageOf, multipartType, textOf } from './message-case.ts'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array).toString('latin1'))
/** Pieces that the processors care about, so that random bodies get past their first byte. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '--B\r\n',
        '--B--',
        '\r\n',
        'Content-Disposition: form-data; name="a"',
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
      ),
      fc.constantFrom(
        ',',
        '1',
        'null',
        '\\u00',
        '<a',
        '>',
        '</a>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '&lt;',
        '%4',
        '=',
      ),
      bytes,
    ),
    { maxLength: 20 },
  )
  .map((list) => list.join(''))
const processors = fc.constantFrom('URLENCODED', 'MULTIPART', 'JSON', 'XML', null)
const large = { requestBodyLimit: 1e9, requestBodyNoFilesLimit: 1e9, argumentsLimit: 1e9, jsonDepthLimit: 1e9 }

describe('any bytes', () => {
  it('give members or an error, never a throw, and never characters beyond a byte', () => {
    fc.assert(
      fc.property(pieces, bytes, processors, fc.array(fc.tuple(bytes, bytes)), (body, target, processor, headers) => {
        const variables = messageOf({
          target,
          headers: [multipartType, ...headers],
          body,
          ...(processor === null ? {} : { processor }),
        })
        for (const { name, source } of knownVariables.values()) {
          if (source !== 'message') continue
          for (const { key, value } of variables.members(name)) expect(isByteText(key + value)).toBe(true)
        }
        for (const { value } of variables.xml('//*')) expect(isByteText(value)).toBe(true)
        const hasError = textOf(variables, 'REQBODY_ERROR') === '1'
        expect(hasError).toBe(textOf(variables, 'REQBODY_ERROR_MSG') !== '')
      }),
      { numRuns: 500 },
    )
  })

  it('give text that is linear in the body', () => {
    fc.assert(
      fc.property(pieces, processors, fc.integer({ min: 1, max: 40 }), (piece, processor, times) => {
        const body = piece.repeat(times)
        const message = { headers: [multipartType], body, settings: large }
        const variables = messageOf(processor === null ? message : { ...message, processor })
        const size = variables.members('ARGS').reduce((sum, { key, value }) => sum + key.length + value.length, 0)
        expect(size).toBeLessThanOrEqual(40 * body.length + 65_536)
      }),
      { numRuns: 200 },
    )
  })
})

describe('well-formed input', () => {
  it('comes back whole from a form', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(bytes, bytes), { minLength: 1, maxLength: 20 }), (pairs) => {
        const encode = (text: string): string => Buffer.from(text, 'latin1').toString('hex').replace(/../g, '%$&')
        const body = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
        const read = messageOf({ body, processor: 'URLENCODED' }).members('ARGS_POST')
        expect(read.map(({ key, value }) => [key, value])).toEqual(pairs)
      }),
    )
  })

  it('comes back whole from JSON, leaf by leaf', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const body = Buffer.from(JSON.stringify(value), 'utf8').toString('latin1')
        const variables = messageOf({ body, processor: 'JSON', settings: large })
        expect(textOf(variables, 'REQBODY_ERROR')).toBe('0')
        const read = variables.members('ARGS').map(({ key, value: text }) => [key, text])
        expect(read).toEqual(leavesOf(value, 'json'))
      }),
    )
  })

  it('comes back whole from a multipart body', () => {
    const text = bytes.filter((value) => !value.includes('--B') && !/(?:^|\n)--/.test(value) && !value.endsWith('\r'))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), (values) => {
        const parts = values.map(
          (value, index) => `--B\r\nContent-Disposition: form-data; name="n${index}"\r\n\r\n${value}\r\n`,
        )
        const variables = messageOf({ headers: [multipartType], body: `${parts.join('')}--B--\r\n` })
        expect(variables.members('ARGS_POST')).toEqual(values.map((value, index) => ({ key: `n${index}`, value })))
        expect(textOf(variables, 'REQBODY_ERROR')).toBe('0')
      }),
    )
  })

  it('comes back whole from XML', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'Z', '9', ' ', '<', '&', '>', '"', '\t'), maxLength: 20 })
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 10 }), (values) => {
        const escapeXml = (text: string): string => text.replace(/[<&>"\t]/g, (mark) => `&#${mark.charCodeAt(0)};`)
        const body = `<r>${values.map((value) => `<v a="${escapeXml(value)}">${escapeXml(value)}</v>`).join('')}</r>`
        const variables = messageOf({ body, processor: 'XML' })
        expect(variables.xml('/r/v').map(({ value }) => value)).toEqual(values)
        expect(variables.xml('//@a').map(({ value }) => value)).toEqual(values)
        expect(variables.xml('/*').map(({ value }) => value)).toEqual([values.join('')])
      }),
    )
  })
})

describe('hostile bodies of a megabyte', () => {
  const size = 1_000_000
  const shapes: readonly (readonly [string, string, 'JSON' | 'XML' | 'URLENCODED' | 'MULTIPART'])[] = [
    ['open brackets', '['.repeat(size), 'JSON'],
    ['small numbers', `[${'1,'.repeat(size / 2)}1]`, 'JSON'],
    ['one string of escapes', `"${'\\u0041'.repeat(size / 6)}"`, 'JSON'],
    ['open tags', '<a>'.repeat(size / 3), 'XML'],
    ['ampersands', `<a>${'&'.repeat(size)}</a>`, 'XML'],
    ['references', `<a>${'&lt;'.repeat(size / 4)}</a>`, 'XML'],
    ['attributes', `<a ${Array.from({ length: size / 10 }, (_, index) => `a${index}=""`).join(' ')}/>`, 'XML'],
    ['empty elements', `<a>${'<b/>'.repeat(size / 4)}</a>`, 'XML'],
    ['quotes in a document type', `<!DOCTYPE a ${'"" '.repeat(size / 3)}><a/>`, 'XML'],
    ['a document type without end', `<!DOCTYPE a [${'<!ENTITY x "y">'.repeat(size / 15)}`, 'XML'],
    ['separators', '&'.repeat(size), 'URLENCODED'],
    ['percent signs', '%'.repeat(size), 'URLENCODED'],
    ['line feeds', '\n'.repeat(size), 'MULTIPART'],
    ['dashes', '-'.repeat(size), 'MULTIPART'],
    ['a line without end', `--B\r\nX: ${'x'.repeat(size)}`, 'MULTIPART'],
    ['empty parts', '--B\r\n'.repeat(size / 5), 'MULTIPART'],
    ['folded headers', `--B\r\nX: y\r\n${' z\r\n'.repeat(size / 4)}`, 'MULTIPART'],
    [
      'one parameter of quotes',
      `--B\r\nContent-Disposition: form-data; name="${'\\"'.repeat(2_000)}"\r\n`,
      'MULTIPART',
    ],
  ]
  it.each(shapes)('are read to an end: %s', (_, body, processor) => {
    const variables = messageOf({ headers: [multipartType], body, processor, settings: large })
    expect(variables.members('ARGS').length).toBeLessThanOrEqual(body.length + 1)
    expect(['0', '1']).toContain(textOf(variables, 'REQBODY_ERROR'))
  })

  it('share the text of nested elements', () => {
    const body = `${'<a>'.repeat(256)}${'x'.repeat(size)}${'</a>'.repeat(256)}`
    const document = readXml(Buffer.from(body))
    expect(document.error).toBeNull()
    expect(document.text.length).toBe(size)
    expect(document.elements.every(({ start, end }) => end - start === size)).toBe(true)
  })
})

function isByteText(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false
  return true
}

function leavesOf(value: fc.JsonValue, path: string): [string, string][] {
  const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${path}.array_${index}`))
  if (value === null) return [[path, '']]
  if (typeof value === 'string') return [[path, bytesOf(value.toWellFormed())]]
  if (typeof value !== 'object') return [[path, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item ?? null, `${path}.${key === '' ? 'empty-key' : bytesOf(key.toWellFormed())}`),
  )
}
