import { describe, expect, it } from '@jest/globals'
import { formType, type MessageCase, messageOf, multipartType, textOf, textsOf } from './message-case.ts'

const part = (head: string, content: string): string => `--B\r\n${head}\r\n\r\n${content}\r\n`
const field = (name: string, content: string): string => part(`Content-Disposition: form-data; name="${name}"`, content)
const file = (name: string, fileName: string, content: string): string =>
  part(`Content-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: text/plain`, content)
const multipart = (...parts: readonly string[]): MessageCase => ({
  method: 'POST',
  headers: [multipartType],
  body: `${parts.join('')}--B--\r\n`,
})

describe('a multipart body', () => {
  it('gives fields as arguments and files apart', () => {
    const variables = messageOf(multipart(field('a', '1'), file('f', 'x.txt', 'abc'), field('b', 'l1\r\nl2\nl3')))
    expect(textsOf(variables, 'ARGS_POST')).toEqual(['a=1', 'b=l1\r\nl2\nl3'])
    expect(textsOf(variables, 'FILES')).toEqual(['f=x.txt'])
    expect(textsOf(variables, 'FILES_NAMES')).toEqual(['f=f'])
    expect(textsOf(variables, 'FILES_SIZES')).toEqual(['f=3'])
    expect(textsOf(variables, 'FILES_COMBINED_SIZE')).toEqual(['=3'])
    expect(textsOf(variables, 'FILES_TMP_CONTENT')).toEqual(['f=abc'])
    expect(textsOf(variables, 'FILES_TMPNAMES')).toEqual([])
    expect(textsOf(variables, 'MULTIPART_NAME')).toEqual(['a=a', 'f=f', 'b=b'])
    expect(textsOf(variables, 'MULTIPART_FILENAME')).toEqual(['x.txt=x.txt'])
    expect(textsOf(variables, 'MULTIPART_PART_HEADERS')).toEqual([
      'a=Content-Disposition: form-data; name="a"',
      'f=Content-Disposition: form-data; name="f"; filename="x.txt"',
      'f=Content-Type: text/plain',
      'b=Content-Disposition: form-data; name="b"',
    ])
    expect(textOf(variables, 'MULTIPART_STRICT_ERROR')).toBe('0')
    expect(textOf(variables, 'REQBODY_ERROR')).toBe('0')
    expect(textOf(variables, 'ARGS_COMBINED_SIZE')).toBe('12')
  })

  const flags: readonly (readonly [string, string, MessageCase])[] = [
    [
      'MULTIPART_BOUNDARY_QUOTED',
      '1',
      { ...multipart(field('a', '1')), headers: [['content-type', 'multipart/form-data; boundary="B"']] },
    ],
    [
      'MULTIPART_BOUNDARY_WHITESPACE',
      '1',
      { ...multipart(field('a', '1')), headers: [['content-type', 'multipart/form-data; boundary =B']] },
    ],
    [
      'MULTIPART_MISSING_SEMICOLON',
      '1',
      { ...multipart(field('a', '1')), headers: [['content-type', 'multipart/form-data boundary=B']] },
    ],
    ['MULTIPART_DATA_BEFORE', '1', multipart('x\r\n', field('a', '1'))],
    ['MULTIPART_DATA_AFTER', '1', multipart(field('a', '1'), '--B--\r\n')],
    ['MULTIPART_HEADER_FOLDING', '1', multipart(part('Content-Disposition: form-data;\r\n name="a"', '1'))],
    ['MULTIPART_INVALID_HEADER_FOLDING', '1', multipart(part('Content-Disposition: form-data;\r\n\vname="a"', '1'))],
    ['MULTIPART_INVALID_QUOTING', '1', multipart(part("Content-Disposition: form-data; name='a'", '1'))],
    ['MULTIPART_INVALID_PART', '1', multipart(part('X: y', '1'))],
    ['MULTIPART_LF_LINE', '1', multipart(field('a', '1').replace('\r\n', '\n'))],
    ['MULTIPART_CRLF_LF_LINES', '1', multipart(field('a', '1').replace('\r\n', '\n'))],
    ['MULTIPART_STRICT_ERROR', '1', multipart(field("a'", '1').replaceAll('"', "'"))],
    ['MULTIPART_UNMATCHED_BOUNDARY', '2', multipart(field('a', '1'))],
    ['MULTIPART_UNMATCHED_BOUNDARY', '1', { ...multipart(field('a', '1')), body: `${field('a', '1')}--C\r\n` }],
    ['MULTIPART_STRICT_ERROR', '', { body: 'x' }],
    ['REQBODY_ERROR', '1', { ...multipart(), headers: [['content-type', 'multipart/form-data; boundary=']] }],
    ['REQBODY_ERROR', '1', { ...multipart(), headers: [['content-type', 'multipart/form-data; boundary=""']] }],
    ['REQBODY_ERROR', '1', { body: 'x', processor: 'MULTIPART' }],
    ['REQBODY_ERROR', '1', multipart(part('Content-Disposition: form-data; name="a"\r\nX: 1\r\nx: 2', ''))],
    [
      'REQBODY_ERROR_MSG',
      'Multipart parsing error: Multipart: Final boundary missing.',
      { ...multipart(), body: field('a', '1') },
    ],
    ['REQBODY_PROCESSOR_ERROR', '1', { ...multipart(), body: field('a', '1') }],
  ]
  it.each(flags)('%s is %j for %j', (name, value, message) => {
    expect(textOf(messageOf(message), name)).toBe(value)
  })

  it('reads no more parts than arguments are allowed, and says so', () => {
    const message = multipart(...Array.from({ length: 20 }, (_, index) => field(`n${index}`, 'v')))
    const variables = messageOf({ ...message, settings: { argumentsLimit: 10 } })
    expect(textsOf(variables, 'ARGS')).toEqual([])
    expect(textOf(variables, 'REQBODY_ERROR_MSG')).toContain('more than 10 parts')
  })
})

describe('a JSON body', () => {
  const json = (body: string, settings: MessageCase['settings'] = {}) =>
    messageOf({ body, processor: 'JSON', settings })

  it('is in ARGS under paths, and not in ARGS_POST', () => {
    const variables = json('{"a":{"b":[1,{"c":"x"}]},"a":null}')
    expect(textsOf(variables, 'ARGS')).toEqual(['json.a.b.array_0=1', 'json.a.b.array_1.c=x', 'json.a='])
    expect(textsOf(variables, 'ARGS_POST')).toEqual([])
    expect(textsOf(variables, 'ARGS_NAMES')[0]).toBe('json.a.b.array_0=json.a.b.array_0')
  })

  it('keeps the character behind half a surrogate pair, which the reference swallows', () => {
    expect(textsOf(json('"\\ud83dx<"'), 'ARGS')).toEqual(['json=?x<'])
  })

  it.each([
    ['[[1]]', { jsonDepthLimit: 1 }, 'depth limit'],
    ['[1,2,3]', { argumentsLimit: 2 }, 'more than 2 arguments'],
    ['{"a":1', {}, 'byte 6'],
    ['"\xff"', {}, 'UTF8'],
    ['', {}, ''],
  ] as const)('%j with %j has the error %j', (body, settings, error) => {
    const variables = json(body, settings)
    expect(textOf(variables, 'REQBODY_ERROR_MSG')).toContain(error)
    expect(textOf(variables, 'REQBODY_ERROR')).toBe(error === '' ? '0' : '1')
    expect(textOf(variables, 'REQBODY_PROCESSOR_ERROR_MSG')).toBe(textOf(variables, 'REQBODY_ERROR_MSG'))
  })

  it('keeps the leaves that were read before the fault', () => {
    expect(textsOf(json('{"a":"attack",'), 'ARGS')).toEqual(['json.a=attack'])
  })

  it('refuses names that grow faster than the body', () => {
    const key = 'k'.repeat(400)
    const body = `${`{"${key}":`.repeat(400)}[${'1,'.repeat(20_000)}1]${'}'.repeat(400)}`
    const settings = { jsonDepthLimit: 1_000, argumentsLimit: 100_000, requestBodyNoFilesLimit: 1e9 }
    const variables = json(body, settings)
    expect(textOf(variables, 'REQBODY_ERROR_MSG')).toContain('names of the leaves are too long')
    const characters = variables.members('ARGS').reduce((sum, { key: name }) => sum + name.length, 0)
    expect(characters).toBeLessThanOrEqual(32 * body.length + 65_536)
  })
})

describe('limits of a body', () => {
  it('reports what is beyond them and looks at the rest', () => {
    const long = messageOf({ headers: [formType], body: 'a=123456', settings: { requestBodyLimit: 4 } })
    expect(textsOf(long, 'ARGS')).toEqual(['a=12'])
    expect(textOf(long, 'INBOUND_DATA_ERROR')).toBe('1')
    const cut = messageOf({ body: 'x', view: { isBodyCut: true } })
    expect(textOf(cut, 'INBOUND_DATA_ERROR')).toBe('1')
    expect(textOf(messageOf({ body: 'x' }), 'INBOUND_DATA_ERROR')).toBe('0')
  })

  it.each(['URLENCODED', 'JSON', 'XML'] as const)('%s does not read more than the limit without files', (processor) => {
    const variables = messageOf({ body: '<a>12345</a>', processor, settings: { requestBodyNoFilesLimit: 5 } })
    expect(textsOf(variables, 'ARGS')).toEqual([])
    expect(textOf(variables, 'REQBODY_ERROR')).toBe('1')
    expect(textOf(variables, 'REQBODY_PROCESSOR_ERROR')).toBe('0')
    expect(textOf(variables, 'INBOUND_DATA_ERROR')).toBe('1')
  })

  it('does not count files of a multipart body', () => {
    const settings = { requestBodyNoFilesLimit: 200 }
    const withFile = { ...multipart(file('f', 'x', 'y'.repeat(5_000))), settings }
    expect(textOf(messageOf(withFile), 'REQBODY_ERROR')).toBe('0')
    const withField = { ...multipart(field('f', 'y'.repeat(5_000))), settings }
    expect(textOf(messageOf(withField), 'REQBODY_ERROR')).toBe('1')
  })

  it('stops at the number of arguments, over query string and form', () => {
    const settings = { argumentsLimit: 3 }
    const variables = messageOf({ target: '/?a&b', headers: [formType], body: 'c&d&e', settings })
    expect(textsOf(variables, 'ARGS')).toEqual(['a=', 'b=', 'c='])
    expect(textOf(variables, 'REQBODY_ERROR_MSG')).toBe('SecArgumentsLimit exceeded')
    expect(textOf(messageOf({ target: '/?a&b&c&d', settings }), 'REQBODY_ERROR')).toBe('1')
    expect(textOf(messageOf({ target: '/?a&b&c&', settings }), 'REQBODY_ERROR')).toBe('0')
  })
})
