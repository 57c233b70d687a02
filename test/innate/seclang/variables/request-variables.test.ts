import { describe, expect, it } from '@jest/globals'
import { isKnownVariable, knownVariables } from '../../../../src/innate/seclang/variables/known-variables.ts'
import { variableReaders } from '../../../../src/innate/seclang/variables/variable-readers.ts'
import { formType, type MessageCase, messageOf, textOf, textsOf } from './message-case.ts'

describe('variables of the request head', () => {
  const scalars: readonly (readonly [MessageCase, string, string])[] = [
    [{ method: 'PUT' }, 'REQUEST_METHOD', 'PUT'],
    [{ target: '/a?b' }, 'REQUEST_LINE', 'GET /a?b HTTP/1.1'],
    [{ view: { httpVersion: '1.0' } }, 'REQUEST_LINE', 'GET / HTTP/1.0'],
    [{}, 'REQUEST_PROTOCOL', 'HTTP/1.1'],
    [{ view: { httpVersion: '2.0' } }, 'REQUEST_PROTOCOL', 'HTTP/2.0'],
    [{ target: '/a%20b?c=%20' }, 'REQUEST_URI', '/a b?c= '],
    [{ target: '/a%20b?c=%20#x' }, 'REQUEST_URI_RAW', '/a%20b?c=%20#x'],
    [{ target: 'http://shop/a?b' }, 'REQUEST_URI', '/a?b'],
    [{ target: '/a%3fb?c' }, 'REQUEST_FILENAME', '/a'],
    [{ target: '/a/b%2fc' }, 'REQUEST_BASENAME', 'c'],
    [{ target: '/a\\b' }, 'REQUEST_BASENAME', 'b'],
    [{ target: '/a/' }, 'REQUEST_BASENAME', ''],
    [{ target: '/p/q' }, 'PATH_INFO', '/p/q'],
    [{ target: '/p?a=%41' }, 'QUERY_STRING', 'a=%41'],
    [{ target: '/p?a?b' }, 'QUERY_STRING', 'a?b'],
    [{ target: '/p' }, 'QUERY_STRING', ''],
    [{}, 'REMOTE_ADDR', '192.0.2.7'],
    [{}, 'REMOTE_HOST', '192.0.2.7'],
    [{}, 'REMOTE_PORT', ''],
    [{}, 'SERVER_PORT', ''],
    [{}, 'WEBAPPID', 'shop'],
    [{ headers: [['Host', 'shop.example:81']] }, 'SERVER_NAME', 'shop.example'],
    [{ headers: [['Host', '[::1]:81']] }, 'SERVER_NAME', '[::1]'],
    [{ headers: [['Authorization', 'Basic dTpw']] }, 'AUTH_TYPE', 'Basic'],
    [{ headers: [['Authorization', 'Basic dTpw']] }, 'REMOTE_USER', 'u'],
    [{ target: '/?a=12&bc=3' }, 'ARGS_COMBINED_SIZE', '6'],
    [{ target: '/?a=%zz' }, 'URLENCODED_ERROR', '1'],
    [{ target: '/?a=%41' }, 'URLENCODED_ERROR', '0'],
    [{ headers: [formType], body: 'a=%' }, 'URLENCODED_ERROR', '1'],
    [{ headers: [['A', 'b']], body: 'xy' }, 'FULL_REQUEST', 'A: b\n\n\nxy'],
    [{ headers: [['A', 'b']], body: 'xy' }, 'FULL_REQUEST_LENGTH', '9'],
    [{ body: 'a\xff' }, 'REQUEST_BODY', 'a\xff'],
    [{ body: 'a\xff' }, 'REQUEST_BODY_LENGTH', '2'],
    [{}, 'REQUEST_BODY_LENGTH', ''],
    [{ body: 'x' }, 'REQBODY_PROCESSOR', ''],
    [{ headers: [formType], body: 'x' }, 'REQBODY_PROCESSOR', 'URLENCODED'],
    [{ body: '{}', processor: 'JSON' }, 'REQBODY_PROCESSOR', 'JSON'],
    [{ headers: [formType], body: '{}', processor: 'JSON' }, 'REQBODY_PROCESSOR', 'JSON'],
  ]

  it.each(scalars)('%j: %s is %j', (message, name, value) => {
    expect(textOf(messageOf(message), name)).toBe(value)
  })

  it('has no REMOTE_USER without a user name', () => {
    for (const value of ['Basic', 'Basic !!', 'Bearer dTpw', 'basic dTpw', `Basic ${btoa('nocolon')}`]) {
      expect(textsOf(messageOf({ headers: [['Authorization', value]] }), 'REMOTE_USER')).toEqual([])
    }
  })

  it('keeps headers in wire order, with repetitions and their own spelling', () => {
    const headers = [['X-B', '2'] as const, ['x-a', '1'] as const, ['X-B', '3'] as const]
    const variables = messageOf({ headers })
    expect(textsOf(variables, 'REQUEST_HEADERS')).toEqual(['X-B=2', 'x-a=1', 'X-B=3'])
    expect(textsOf(variables, 'REQUEST_HEADERS_NAMES')).toEqual(['X-B=X-B', 'x-a=x-a', 'X-B=X-B'])
  })

  it('joins the cookies of several headers', () => {
    const variables = messageOf({
      headers: [
        ['Cookie', 'a=1; b=2;c'],
        ['cookie', ' d = 4 '],
      ],
    })
    expect(textsOf(variables, 'REQUEST_COOKIES')).toEqual(['a=1', 'b=2', 'c=', 'd = 4'])
    expect(textsOf(variables, 'REQUEST_COOKIES_NAMES')).toEqual(['a=a', 'b=b', 'c=c', 'd =d '])
  })

  it('lists arguments of the query string before those of the form', () => {
    const variables = messageOf({ target: '/?q=1&a=x', headers: [formType], body: 'a=y&b' })
    expect(textsOf(variables, 'ARGS')).toEqual(['q=1', 'a=x', 'a=y', 'b='])
    expect(textsOf(variables, 'ARGS_NAMES')).toEqual(['q=q', 'a=a', 'a=a', 'b=b'])
    expect(textsOf(variables, 'ARGS_GET')).toEqual(['q=1', 'a=x'])
    expect(textsOf(variables, 'ARGS_GET_NAMES')).toEqual(['q=q', 'a=a'])
    expect(textsOf(variables, 'ARGS_POST')).toEqual(['a=y', 'b='])
    expect(textsOf(variables, 'ARGS_POST_NAMES')).toEqual(['a=a', 'b=b'])
  })

  it('gives the same list until a body or an answer changes it', () => {
    const variables = messageOf({ target: '/?a=1', headers: [formType], body: 'b=2' })
    const before = variables.members('ARGS')
    expect(variables.members('ARGS')).toBe(before)
    variables.readBody({ processor: 'JSON', isForced: false })
    expect(textsOf(variables, 'ARGS')).toEqual(['a=1'])
    expect(textOf(variables, 'REQBODY_PROCESSOR_ERROR')).toBe('1')
  })

  it('separates arguments by another character when a file says so', () => {
    const variables = messageOf({ target: '/?a=1;b=2&c', settings: { argumentSeparator: ';' } })
    expect(textsOf(variables, 'ARGS_GET')).toEqual(['a=1', 'b=2&c'])
  })
})

describe('variables of the answer', () => {
  const answered = (type: string, body: string, settings: MessageCase['settings'] = {}) => {
    const variables = messageOf({ settings })
    variables.setResponseHead(503, ['Content-Type', type, 'X-A', 'b'], 'HTTP/1.1')
    variables.setResponseBody(Buffer.from(body, 'latin1'))
    return variables
  }

  it('are empty before there is one', () => {
    const variables = messageOf({})
    variables.setResponseBody(Buffer.from('x'))
    for (const name of ['RESPONSE_STATUS', 'RESPONSE_BODY', 'RESPONSE_PROTOCOL', 'OUTBOUND_DATA_ERROR']) {
      expect(textsOf(variables, name)).toEqual(['='])
    }
    expect(textsOf(variables, 'RESPONSE_HEADERS')).toEqual([])
  })

  it.each([
    ['RESPONSE_STATUS', '503'],
    ['STATUS', '503'],
    ['STATUS_LINE', '503'],
    ['RESPONSE_PROTOCOL', 'HTTP/1.1'],
    ['RESPONSE_CONTENT_TYPE', 'text/html'],
    ['RESPONSE_BODY', '<p>\xe9'],
    ['RESPONSE_CONTENT_LENGTH', '4'],
    ['OUTBOUND_DATA_ERROR', '0'],
  ])('%s is %j', (name, value) => {
    expect(textOf(answered('text/html; charset=utf-8', '<p>\xe9'), name)).toBe(value)
  })

  it('lists headers and their names', () => {
    const variables = answered('text/html', '')
    expect(textsOf(variables, 'RESPONSE_HEADERS')).toEqual(['Content-Type=text/html', 'X-A=b'])
    expect(textsOf(variables, 'RESPONSE_HEADERS_NAMES')).toEqual(['Content-Type=Content-Type', 'X-A=X-A'])
  })

  it('holds a body only of the types that are looked at, and only up to the limit', () => {
    expect(textOf(answered('image/png', 'x'), 'RESPONSE_BODY')).toBe('')
    expect(textOf(answered('image/png', 'x', { responseBodyMimeTypes: ['*'] }), 'RESPONSE_BODY')).toBe('x')
    const cut = answered('text/html', 'abcdef', { responseBodyLimit: 4 })
    expect(textOf(cut, 'RESPONSE_BODY')).toBe('abcd')
    expect(textOf(cut, 'OUTBOUND_DATA_ERROR')).toBe('1')
  })
})

describe('the table of known variables', () => {
  it('has a reader for each one that a message holds, and none besides', () => {
    const fromMessage = [...knownVariables.values()].filter(({ source }) => source === 'message')
    expect(variableReaders.map(([name]) => name).sort()).toEqual(fromMessage.map(({ name }) => name).sort())
    expect(fromMessage.length).toBe(77)
    expect(knownVariables.size).toBe(106)
  })

  it('gives each scalar one member with an empty key, also for an empty request', () => {
    const variables = messageOf({})
    for (const { name, kind, source } of knownVariables.values()) {
      if (kind !== 'scalar' || source !== 'message' || name === 'REMOTE_USER') continue
      expect(variables.members(name).map(({ key }) => key)).toEqual([''])
    }
  })

  it('knows names in upper case only', () => {
    expect(isKnownVariable('ARGS')).toBe(true)
    expect(isKnownVariable('TX')).toBe(true)
    expect(isKnownVariable('args')).toBe(false)
    expect(isKnownVariable('ARGZ')).toBe(false)
    expect(messageOf({}).members('ARGZ')).toEqual([])
  })
})
