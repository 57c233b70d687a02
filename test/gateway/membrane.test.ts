import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { sendRaw, splitAnswers } from '../support/raw-client.ts'
import { type RunningGateway, startGateway } from '../support/start-gateway.ts'

let upstream: EchoUpstream
let running: RunningGateway

beforeAll(async () => {
  upstream = await startEchoUpstream()
  running = await startGateway(upstream.url, { request: { maxHeaders: 20, maxHeaderBytes: 4_096 } })
})
afterAll(async () => {
  await running.gateway.close()
  await upstream.close()
})

const head = (line: string, ...headers: string[]) => `${[line, ...headers].join('\r\n')}\r\n\r\n`
const get = (...headers: string[]) => head('GET / HTTP/1.1', 'Host: api.test', ...headers)
const post = (...headers: string[]) => head('POST / HTTP/1.1', 'Host: api.test', ...headers)
const chunked = '5\r\nhello\r\n0\r\n\r\n'
/** A second request behind the doubtful one: it must not be taken for one. */
const pipelined = 'GET /smuggled HTTP/1.1\r\nHost: api.test\r\n\r\n'

type Form = readonly [title: string, bytes: string, status: number]

const forms: readonly Form[] = [
  [
    'Content-Length with Transfer-Encoding',
    `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}${chunked}`,
    400,
  ],
  [
    'Transfer-Encoding with Content-Length',
    `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}${chunked}`,
    400,
  ],
  ['Transfer-Encoding gzip, chunked', `${post('Transfer-Encoding: gzip, chunked')}${chunked}`, 400],
  ['Transfer-Encoding ,chunked', `${post('Transfer-Encoding: ,chunked')}${chunked}`, 400],
  ['Transfer-Encoding chunked,', `${post('Transfer-Encoding: chunked,')}${chunked}`, 400],
  ['Transfer-Encoding chunked, identity', `${post('Transfer-Encoding: chunked, identity')}${chunked}`, 400],
  ['Transfer-Encoding identity', `${post('Transfer-Encoding: identity')}${chunked}`, 400],
  ['Transfer-Encoding xchunked', `${post('Transfer-Encoding: xchunked')}${chunked}`, 400],
  ['Transfer-Encoding "chunked"', `${post('Transfer-Encoding: "chunked"')}${chunked}`, 400],
  ['Transfer-Encoding chunked;q=1', `${post('Transfer-Encoding: chunked;q=1')}${chunked}`, 400],
  ['empty Transfer-Encoding', `${post('Transfer-Encoding:')}${chunked}`, 400],
  [
    'two Transfer-Encoding headers',
    `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}${chunked}`,
    400,
  ],
  [
    'two unlike Transfer-Encoding headers',
    `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: x')}${chunked}`,
    400,
  ],
  ['Transfer-Encoding with a vertical tab', `${post('Transfer-Encoding: \x0bchunked')}${chunked}`, 400],
  ['Transfer-Encoding with a space before the colon', `${post('Transfer-Encoding : chunked')}${chunked}`, 400],
  ['Transfer-Encoding folded', `${post('Transfer-Encoding:\r\n chunked')}${chunked}`, 400],
  [
    'Transfer-Encoding in HTTP/1.0',
    `${head('POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked')}${chunked}`,
    400,
  ],
  ['two Content-Length headers', `${post('Content-Length: 5', 'Content-Length: 5')}hello`, 400],
  ['two unlike Content-Length headers', `${post('Content-Length: 5', 'Content-Length: 6')}hello`, 400],
  ['Content-Length list', `${post('Content-Length: 5, 5')}hello`, 400],
  ['Content-Length +5', `${post('Content-Length: +5')}hello`, 400],
  ['Content-Length -5', `${post('Content-Length: -5')}hello`, 400],
  ['Content-Length 0x5', `${post('Content-Length: 0x5')}hello`, 400],
  ['Content-Length 5 5', `${post('Content-Length: 5 5')}hello`, 400],
  ['Content-Length 5.0', `${post('Content-Length: 5.0')}hello`, 400],
  ['empty Content-Length', `${post('Content-Length:')}hello`, 400],
  ['Content-Length beyond 64 bit', `${post('Content-Length: 99999999999999999999')}hello`, 400],
  ['huge Content-Length', `${post('Content-Length: 99999999999999', 'Content-Type: image/png')}hello`, 413],
  ['missing Host', head('GET / HTTP/1.1', 'Accept: */*'), 400],
  ['two Host headers', get('Host: api.test'), 400],
  ['two unlike Host headers', get('host: other.test'), 400],
  ['empty Host', head('GET / HTTP/1.1', 'Host:'), 400],
  ['Host with a path', head('GET / HTTP/1.1', 'Host: api.test/x'), 400],
  ['Host with user information', head('GET / HTTP/1.1', 'Host: user@api.test'), 400],
  ['Host list', head('GET / HTTP/1.1', 'Host: api.test, other.test'), 400],
  ['Host with a space', head('GET / HTTP/1.1', 'Host: api.test other'), 400],
  ['Host with a bad port', head('GET / HTTP/1.1', 'Host: api.test:8x'), 400],
  ['Host with a space before the colon', head('GET / HTTP/1.1', 'Host : api.test'), 400],
  ['absolute URI of another host', head('GET http://other.test/ HTTP/1.1', 'Host: api.test'), 400],
  ['absolute URI with user information', head('GET http://api.test@other.test/ HTTP/1.1', 'Host: api.test'), 400],
  ['absolute URI of another port', head('GET http://api.test:81/ HTTP/1.1', 'Host: api.test'), 400],
  ['absolute URI of another scheme', head('GET ftp://api.test/ HTTP/1.1', 'Host: api.test'), 400],
  ['absolute URI without Host', head('GET http://api.test/ HTTP/1.0'), 400],
  ['target without a slash', head('GET index HTTP/1.1', 'Host: api.test'), 400],
  ['asterisk target', head('OPTIONS * HTTP/1.1', 'Host: api.test'), 400],
  ['authority target', head('GET api.test:80 HTTP/1.1', 'Host: api.test'), 400],
  ['fragment in the target', head('GET /a#b HTTP/1.1', 'Host: api.test'), 400],
  ['backslash in the target', head('GET /a\\..\\b HTTP/1.1', 'Host: api.test'), 400],
  ['control character in the target', head('GET /a\x01b HTTP/1.1', 'Host: api.test'), 400],
  ['tab in the target', head('GET /a\tb HTTP/1.1', 'Host: api.test'), 400],
  ['space in the target', head('GET /a b HTTP/1.1', 'Host: api.test'), 400],
  ['DEL in the target', head('GET /a\x7fb HTTP/1.1', 'Host: api.test'), 400],
  ['NUL in the target', head('GET /a\0b HTTP/1.1', 'Host: api.test'), 400],
  ['byte above ASCII in the target', head('GET /caf\xe9 HTTP/1.1', 'Host: api.test'), 400],
  ['Transfer_Encoding', `${post('Transfer_Encoding: chunked', 'Content-Length: 5')}hello`, 400],
  ['Content_Length', `${post('Content_Length: 0', 'Content-Length: 5')}hello`, 400],
  ['X_Forwarded_For', get('X_Forwarded_For: 127.0.0.1'), 400],
  ['X-Forwarded_For', get('X-Forwarded_For: 127.0.0.1'), 400],
  ['x_forwarded_client_cert', get('x_forwarded_client_cert: x'), 400],
  ['X_Real_IP', get('X_Real_IP: 127.0.0.1'), 400],
  ['Content_Type', `${post('Content_Type: text/plain', 'Content-Length: 5')}hello`, 400],
  ['__proto__ as a header name', get('__proto__: x'), 400],
  ['Expect with another value', `${post('Expect: 200-ok', 'Content-Length: 5')}hello`, 400],
  ['Expect with more than 100-continue', `${post('Expect: 100-continue, x', 'Content-Length: 5')}hello`, 400],
  ['Expect obfuscated', `${post('Expect: y 100-continue', 'Content-Length: 5')}hello`, 400],
  ['Expect twice', `${post('Expect: 100-continue', 'Expect: 100-continue', 'Content-Length: 5')}hello`, 400],
  ['two Content-Type headers', `${post('Content-Type: a/b', 'Content-Type: c/d', 'Content-Length: 5')}hello`, 400],
  [
    'two Content-Encoding headers',
    `${post('Content-Encoding: gzip', 'Content-Encoding: br', 'Content-Length: 5')}hello`,
    400,
  ],
  ['unknown Content-Encoding', `${post('Content-Encoding: rot13', 'Content-Length: 5')}hello`, 415],
  ['layered Content-Encoding', `${post('Content-Encoding: gzip, gzip', 'Content-Length: 5')}hello`, 415],
  ['Connection that names Host', get('Connection: close, host'), 400],
  ['Connection that names Cookie', get('Connection: Cookie'), 400],
  ['Connection that names Transfer-Encoding', get('Connection: Transfer-Encoding'), 400],
  ['Connection that names X-Forwarded-For', get('Connection: x-forwarded-for'), 400],
  ['bare LF line ends', 'GET / HTTP/1.1\nHost: api.test\n\n', 400],
  ['bare LF after one header', 'GET / HTTP/1.1\r\nHost: api.test\nX: y\r\n\r\n', 400],
  ['bare CR in a header', get('X: a\rY: b'), 400],
  ['obsolete line folding', get('X: a\r\n b'), 400],
  ['leading space before the first header', 'GET / HTTP/1.1\r\n Host: api.test\r\n\r\n', 400],
  ['NUL in a header value', get('X: a\0b'), 400],
  ['empty header name', get(': x'), 400],
  ['header name with a space', get('X Y: z'), 400],
  ['header name with a bracket', get('X[: z'), 400],
  ['header without a colon', get('Broken'), 400],
  ['HTTP/0.9', head('GET / HTTP/0.9', 'Host: api.test'), 400],
  ['HTTP/1.2', head('GET / HTTP/1.2', 'Host: api.test'), 400],
  ['HTTP/2.0 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['lower-case protocol name', head('GET / http/1.1', 'Host: api.test'), 400],
  ['request line without a version', 'GET /\r\n\r\n', 400],
  ['lower-case method', head('get / HTTP/1.1', 'Host: api.test'), 400],
  ['unknown method', head('HAX / HTTP/1.1', 'Host: api.test'), 400],
  ['TRACE', head('TRACE / HTTP/1.1', 'Host: api.test'), 405],
  ['CONNECT', head('CONNECT api.test:443 HTTP/1.1', 'Host: api.test:443'), 405],
  ['too many headers', get(...Array.from({ length: 25 }, (_, index) => `X-${index}: y`)), 431],
  ['headers that are too large', get(`X: ${'a'.repeat(5_000)}`), 431],
  ['bad chunk size', `${post('Transfer-Encoding: chunked')}zz\r\nhello\r\n0\r\n\r\n`, 400],
  ['chunk size with a sign', `${post('Transfer-Encoding: chunked')}+5\r\nhello\r\n0\r\n\r\n`, 400],
  ['chunk size 0x5', `${post('Transfer-Encoding: chunked')}0x5\r\nhello\r\n0\r\n\r\n`, 400],
  ['chunk longer than announced', `${post('Transfer-Encoding: chunked')}3\r\nhello\r\n0\r\n\r\n`, 400],
  ['chunk ended by a bare LF', `${post('Transfer-Encoding: chunked')}5\nhello\r\n0\r\n\r\n`, 400],
  [
    'upgrade to WebSocket with a body',
    `${get('Upgrade: websocket', 'Connection: Upgrade', 'Content-Length: 5')}hello`,
    400,
  ],
  ['two Upgrade headers', get('Upgrade: websocket', 'Upgrade: h2c', 'Connection: Upgrade'), 400],
]

describe('the membrane', () => {
  it.each(forms)('refuses %s and lets nothing through', async (_title, bytes, status) => {
    const before = upstream.heads()
    const answer = await sendRaw(`${bytes}${pipelined}`, { port: running.port, untilClosed: true })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('connection')).toBe('close')
    expect(splitAnswers(answer.text)).toHaveLength(1)
    expect(answer.isClosed).toBe(true)
    expect(upstream.heads()).toBe(before)
  })

  it('is tried with at least 60 forms', () => {
    expect(new Set(forms.map(([title]) => title)).size).toBe(forms.length)
    expect(forms.length).toBeGreaterThanOrEqual(100)
  })

  const accepted: readonly Form[] = [
    ['a plain GET', get(), 200],
    ['a GET with a framed body', `${get('Content-Length: 5')}hello`, 200],
    ['a GET with a chunked body', `${get('Transfer-Encoding: chunked')}${chunked}`, 200],
    ['Chunked in capitals', `${post('Transfer-Encoding: CHUNKED')}${chunked}`, 200],
    ['Content-Length with leading zeros', `${post('Content-Length: 0005')}hello`, 200],
    ['an absolute URI of the same host', head('GET http://API.test:80/x HTTP/1.1', 'Host: api.test'), 200],
    ['an absolute URI without a path', head('GET http://api.test?q=1 HTTP/1.1', 'Host: api.test'), 200],
    ['an IPv6 Host', head('GET / HTTP/1.1', 'Host: [::1]:8080'), 200],
    ['HTTP/1.0 without Host', head('GET / HTTP/1.0'), 200],
    ['an underscore in a harmless name', get('my_header: x'), 200],
    ['PROPFIND', head('PROPFIND / HTTP/1.1', 'Host: api.test'), 200],
    ['Connection naming a header of its own', get('X-Hop: 1', 'Connection: x-hop'), 200],
    ['an h2c upgrade, ignored', get('Upgrade: h2c', 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AA'), 200],
  ]
  it.each(accepted)('passes on %s', async (_title, bytes, status) => {
    const before = upstream.arrived.length
    const answer = await sendRaw(bytes, { port: running.port })
    expect(answer.status).toBe(status)
    expect(upstream.arrived.length).toBe(before + 1)
  })
})
