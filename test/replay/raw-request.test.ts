import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeChunks, parseRawRequest, parseRequestLine } from '../../src/replay/raw-request.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

function parsed(text: string) {
  const result = parseRawRequest(bytes(text))
  if (result.kind !== 'request') throw new Error(`unreadable: ${result.reason}`)
  const { body, ...head } = result.request
  return { ...head, body: body === null ? null : Buffer.from(body).toString('latin1') }
}

describe('parseRawRequest', () => {
  it('reads request line, headers and body byte exact', () => {
    expect(parsed('POST /a?b=%00\xff HTTP/1.1\r\nHost: x\r\nX-Y:  z \r\nContent-Length: 3\r\n\r\na\0\xff')).toEqual({
      method: 'POST',
      target: '/a?b=%00\xff',
      rawHeaders: ['Host', 'x', 'X-Y', 'z', 'Content-Length', '3'],
      body: 'a\0\xff',
    })
  })

  it('accepts bare line feeds, leading blank lines and a missing version', () => {
    expect(parsed('\r\n\nGET /a\nHost: x\n\n')).toEqual({
      method: 'GET',
      target: '/a',
      rawHeaders: ['Host', 'x'],
      body: null,
    })
  })

  it('keeps blanks inside of the target', () => {
    expect(parsed('GET /?q=<a b> or 1=1 HTTP/1.1\r\n\r\n').target).toBe('/?q=<a b> or 1=1')
    expect(parsed('GET /?q=a HTTP/1.1x\r\n\r\n').target).toBe('/?q=a HTTP/1.1x')
  })

  it('takes the whole rest as body when Content-Length is wrong', () => {
    expect(parsed('POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{"a":1}').body).toBe('{"a":1}')
    expect(parsed('POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nabc').body).toBe('abc')
    expect(parsed('POST / HTTP/1.1\r\nContent-Length: many\r\n\r\nabc').body).toBe('abc')
  })

  it('unchunks a chunked body', () => {
    const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'
    expect(parsed(`${head}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n`).body).toBe('abcde')
    expect(parsed(`${head}0\r\n\r\n`).body).toBeNull()
  })

  it('joins folded header lines and leaves out lines without a colon', () => {
    expect(parsed('GET / HTTP/1.1\r\nA: b\r\n c\r\nnonsense\r\n: empty\r\nD: e:f\r\n\r\n').rawHeaders).toEqual([
      'A',
      'b c',
      'D',
      'e:f',
    ])
  })

  it('says what is no request', () => {
    for (const text of [
      '',
      '\r\n',
      'GET',
      'GET ',
      ' / HTTP/1.1',
      'G@T / HTTP/1.1',
      '\x16\x03\x01\x02',
      '{"a": 1}',
      'GET  HTTP/1.1',
    ]) {
      expect(parseRawRequest(bytes(text)).kind).toBe('unreadable')
    }
  })

  it('keeps its caps', () => {
    const many = `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(1_001)}\r\n`
    expect(parseRawRequest(bytes(many))).toEqual({ kind: 'unreadable', reason: 'it has more than 1000 headers' })
    const large = `GET / HTTP/1.1\r\na: ${'b'.repeat(1_100_000)}\r\n\r\n`
    expect(parseRawRequest(bytes(large)).kind).toBe('unreadable')
  })

  it('gives back what it is given, for every well-formed message', () => {
    const token = fc.stringMatching(/^[A-Za-z-]{1,12}$/)
    const target = fc.stringMatching(/^\/[!-~]{0,30}$/)
    const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
    const headers = fc.array(
      fc.tuple(
        token.filter((name) => name.toLowerCase() !== 'transfer-encoding'),
        value,
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(token, target, headers, fc.uint8Array({ maxLength: 200 }), (method, path, pairs, body) => {
        const head = `${method} ${path} HTTP/1.1\r\n${pairs.map(([name, text]) => `${name}: ${text}\r\n`).join('')}\r\n`
        const result = parseRawRequest(Buffer.concat([bytes(head), body]))
        expect(result).toEqual({
          kind: 'request',
          request: {
            method,
            target: path,
            rawHeaders: pairs.flat(),
            body: body.length === 0 ? null : Buffer.from(body),
          },
        })
      }),
    )
  })

  it('never throws, whatever the bytes', () => {
    const pieces = fc.constantFrom(
      'GET ',
      '/',
      ' HTTP/1.1',
      '\r\n',
      '\n',
      '\r',
      ': ',
      'Transfer-Encoding: chunked',
      'ffffffff',
      '0',
      ' ',
      '\t',
      '\0',
      'Content-Length: -1',
    )
    const text = fc.array(pieces, { maxLength: 30 }).map((parts) => bytes(parts.join('')))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), text), (message) => {
        const result = parseRawRequest(message)
        if (result.kind === 'request') {
          expect(result.request.rawHeaders.length % 2).toBe(0)
          expect(result.request.method).not.toBe('')
          expect(result.request.target).not.toBe('')
        } else expect(result.reason).not.toBe('')
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('decodeChunks', () => {
  it('keeps everything from where the chunks stop making sense', () => {
    const decoded = decodeChunks(bytes('3\r\nabc\r\nzz\r\nrest'))
    expect(Buffer.from(decoded ?? []).toString()).toBe('abczz\r\nrest')
  })

  it('undoes chunking', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }), (chunks) => {
        const framed = chunks.map((chunk) =>
          Buffer.concat([bytes(`${chunk.length.toString(16)}\r\n`), chunk, bytes('\r\n')]),
        )
        const decoded = decodeChunks(Buffer.concat([...framed, bytes('0\r\n\r\n')]))
        expect(Buffer.from(decoded ?? [])).toEqual(Buffer.concat(chunks))
      }),
    )
  })
})

describe('parseRequestLine', () => {
  it('reads method and target', () => {
    expect(parseRequestLine('GET /a HTTP/2.0')).toEqual({ method: 'GET', target: '/a' })
    expect(parseRequestLine('-')).toBeUndefined()
  })
})
