import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ThymusError } from '../../src/core/errors.ts'
import { readLines } from '../../src/replay/lines.ts'
import { detectFormat, readTraffic, trafficFormats } from '../../src/replay/read-traffic.ts'
import type { TrafficRecord } from '../../src/replay/traffic-record.ts'
import { collect, createTrafficFolder, readAll } from './traffic-files.ts'

const folder = createTrafficFolder()
afterAll(folder.remove)

const plain = { id: 'a', label: 'benign', method: 'GET', url: '/x?y=1', headers: [['Host', 'api']], body: null }

async function messageOf(file: string): Promise<string> {
  const thrown: unknown = await readAll(file).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ThymusError)
  expect((thrown as ThymusError).code).toBe('THY_TRAFFIC')
  return (thrown as ThymusError).message
}

function parts(record: TrafficRecord | undefined) {
  if (record?.request.kind !== 'parts') throw new Error('expected parts')
  const { body, ...rest } = record.request
  return { ...rest, body: body === null ? null : Buffer.from(body).toString('utf8') }
}

describe('JSON Lines', () => {
  it('give records with every member', async () => {
    const [record] = await readAll(
      folder.jsonl({
        ...plain,
        source: 's',
        category: 'c',
        split: 'train',
        client: 'me',
        ts: 1.5,
        status: 404,
        extra: {},
      }),
    )
    expect(record).toMatchObject({
      id: 'a',
      line: 1,
      label: 'benign',
      category: 'c',
      split: 'train',
      source: 's',
      client: 'me',
      tsMs: 1_500,
      status: 404,
    })
    expect(parts(record)).toEqual({
      kind: 'parts',
      method: 'GET',
      target: '/x?y=1',
      rawHeaders: ['Host', 'api'],
      body: null,
    })
  })

  it('are read from gzip of several members, with blank lines, CRLF and a byte order mark', async () => {
    const line = JSON.stringify(plain)
    const members = Buffer.concat([gzipSync(`\uFEFF${line}\r\n\n  \n`), gzipSync(line)])
    const records = await readAll(folder.write(members))
    expect(records.map((record) => record.line)).toEqual([1, 4])
  })

  it('keep text beyond ASCII as its UTF-8 bytes', async () => {
    const [record] = await readAll(folder.jsonl({ ...plain, url: '/ä', headers: [['X', '€']], body: 'ö' }))
    expect(parts(record)).toMatchObject({ target: '/\xc3\xa4', rawHeaders: ['X', '\xe2\x82\xac'], body: 'ö' })
  })

  it('prefer raw bytes, then the text of the body, then its base64', async () => {
    const raw = Buffer.from('GET /raw HTTP/1.1\r\n\r\n')
    const records = await readAll(
      folder.jsonl(
        { ...plain, raw_b64: raw.toString('base64') },
        { ...plain, body_b64: '/+8=' },
        { ...plain, body_b64: '_-8' },
      ),
    )
    expect(records[0]?.request).toEqual({ kind: 'raw', bytes: raw })
    const bodies = records
      .slice(1)
      .map(({ request }) => (request.kind === 'parts' ? Buffer.from(request.body ?? []) : null))
    expect(bodies).toEqual([Buffer.from([255, 239]), Buffer.from([255, 239])])
  })

  const bad: readonly (readonly [unknown, string])[] = [
    ['nonsense', 'line 2: it is "nonsense", expected one JSON object a line'],
    [[1], 'line 2: it is [1], expected one JSON object'],
    [{ ...plain, label: 'evil' }, 'line 2: "label" is "evil", expected "benign", "attack" or "unknown"'],
    [{ ...plain, method: 7 }, 'line 2: "method" is 7, expected a string'],
    [{ ...plain, method: 'A B' }, 'line 2: "method" is "A B", expected an HTTP method'],
    [{ ...plain, url: undefined }, 'line 2: "url" is missing, expected a string'],
    [{ ...plain, headers: {} }, 'line 2: "headers" is {}, expected [[name, value], ...]'],
    [{ ...plain, headers: [['a']] }, 'line 2: "headers" holds ["a"], expected [name, value]'],
    [{ ...plain, body: 1 }, 'line 2: "body" is 1, expected a string'],
    [{ ...plain, raw_b64: '***' }, 'line 2: "raw_b64" is not base64'],
    [{ ...plain, ts: 'now' }, 'line 2: "ts" is "now", expected a number'],
  ]

  it(`are refused with file, line and what was expected, in ${bad.length} ways`, async () => {
    let ran = 0
    for (const [record, sentence] of bad) {
      expect(await messageOf(folder.jsonl(plain, record))).toContain(`traffic.jsonl ${sentence}`)
      ran += 1
    }
    expect(ran).toBe(11)
    expect(await messageOf(folder.write(`${JSON.stringify(plain)}\n{"id":`))).toContain('line 2: it is not JSON')
  })
})

describe('files', () => {
  it('that are missing or damaged are THY_TRAFFIC with their name', async () => {
    expect(await messageOf('/nowhere/traffic.jsonl')).toContain('/nowhere/traffic.jsonl cannot be read')
    const cut = gzipSync(JSON.stringify(plain).repeat(100)).subarray(0, 60)
    expect(await messageOf(folder.write(cut))).toContain('cannot be read')
  })

  it('that are empty have no records', async () => {
    expect(await readAll(folder.write(''))).toEqual([])
    expect(await readAll(folder.write('\n\n'))).toEqual([])
  })

  it('are let go of when the reader stops early', async () => {
    const file = folder.jsonl(...Array.from({ length: 5_000 }, () => plain))
    let seen = 0
    for await (const _record of readTraffic(file)) {
      seen += 1
      if (seen === 3) break
    }
    expect(seen).toBe(3)
  })

  it('with a line that is too long are refused', async () => {
    const file = folder.write(`${'a'.repeat(100)}\n`)
    await expect(collect(readLines(file, 99))).rejects.toThrow('line 1: the line is longer than 99 bytes')
    await expect(collect(readLines(folder.write('b'.repeat(100)), 99))).rejects.toThrow('longer than 99 bytes')
    expect(await collect(readLines(file, 100))).toHaveLength(1)
  })

  it('give the same lines as a split of the whole text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', ' ', 'ü'), { maxLength: 60 }),
        async (pieces) => {
          const text = pieces.join('')
          const lines = []
          for await (const { bytes, number } of readLines(folder.write(text)))
            lines.push([number, bytes.toString('utf8')])
          const expected = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [[index + 1, line]]))
          expect(lines).toEqual(expected)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('access logs', () => {
  const combined =
    '203.0.113.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?b=c HTTP/1.0" 404 2326 "http://x/" "Agent \\"1\\""'

  it('in Combined Log Format give request, client, time and status', async () => {
    const [record] = await readAll(folder.write(`${combined}\n`, 'access.log'))
    expect(record).toMatchObject({
      id: 'line-1',
      label: 'unknown',
      client: '203.0.113.7',
      tsMs: 971_211_336_000,
      status: 404,
    })
    expect(parts(record)).toMatchObject({
      method: 'GET',
      target: '/a?b=c',
      rawHeaders: ['Referer', 'http://x/', 'User-Agent', 'Agent "1"'],
    })
  })

  it('in Common Log Format, with a virtual host in front, and without status', async () => {
    const common = '2001:db8::1 - - [10/Oct/2000:13:55:36 +0000] "POST /a HTTP/1.1" - -'
    const records = await readAll(folder.write(`shop.example:443 ${common}\n${common}\n`, 'access.log'))
    expect(records.map((record) => [record.client, record.status])).toEqual([
      ['2001:db8::1', null],
      ['2001:db8::1', null],
    ])
    expect(parts(records[0]).rawHeaders).toEqual(['Host', 'shop.example:443'])
  })

  it('undo escapes and keep bytes', async () => {
    const line = Buffer.concat([
      Buffer.from('h - - [10/Oct/2000:13:55:36 +0000] "GET /\\x3c\\x5c\\t'),
      Buffer.from([0xe4]),
      Buffer.from(' HTTP/1.1" 200 1'),
    ])
    const [record] = await readAll(folder.write(line, 'access.log'))
    expect(parts(record).target).toBe('/<\\\t\xe4')
  })

  it('count lines without a request instead of failing', async () => {
    const skipped: string[] = []
    const text = `${combined}\nh - - [10/Oct/2000:13:55:36 +0000] "\\x16\\x03\\x01" 400 0\nh - - [x] "-" 408 0\n`
    const records = await readAll(folder.write(text, 'access.log'), {
      onSkip: ({ line }, reason) => skipped.push(`${line} ${reason}`),
    })
    expect(records).toHaveLength(1)
    expect(skipped).toEqual([
      '2 the logged request is no HTTP request line',
      '3 the logged request is no HTTP request line',
    ])
  })

  it('say where a line is of another form', async () => {
    expect(await messageOf(folder.write(`${combined}\nhello world\n`, 'access.log'))).toContain(
      'access.log line 2: it is neither a JSON object nor a line of an access log',
    )
  })
})

describe('JSON access logs', () => {
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    [
      'nginx',
      {
        time_iso8601: '2024-05-01T10:00:00+00:00',
        remote_addr: '10.0.0.9',
        request: 'GET /a?b=1 HTTP/1.1',
        status: '200',
        http_user_agent: 'x',
        http_host: 'h',
      },
      {
        method: 'GET',
        target: '/a?b=1',
        client: '10.0.0.9',
        status: 200,
        tsMs: 1_714_557_600_000,
        headers: ['Host', 'h', 'User-Agent', 'x'],
      },
    ],
    [
      'nginx in parts',
      { msec: '1714557600.123', remote_addr: '10.0.0.9', request_method: 'PUT', uri: '/a', args: 'b=1', status: 500 },
      { method: 'PUT', target: '/a?b=1', client: '10.0.0.9', status: 500, tsMs: 1_714_557_600_123, headers: [] },
    ],
    [
      'Caddy',
      {
        ts: 1714557600.5,
        status: 201,
        request: { remote_ip: '10.0.0.9', method: 'POST', host: 'h', uri: '/a', headers: { Accept: ['x', 'y'] } },
      },
      {
        method: 'POST',
        target: '/a',
        client: '10.0.0.9',
        status: 201,
        tsMs: 1_714_557_600_500,
        headers: ['Host', 'h', 'Accept', 'x', 'Accept', 'y'],
      },
    ],
    [
      'Traefik',
      {
        StartUTC: '2024-05-01T10:00:00Z',
        ClientHost: '10.0.0.9',
        RequestMethod: 'GET',
        RequestPath: '/a',
        RequestHost: 'h',
        DownstreamStatus: 301,
        'request_User-Agent': 'x',
      },
      {
        method: 'GET',
        target: '/a',
        client: '10.0.0.9',
        status: 301,
        tsMs: 1_714_557_600_000,
        headers: ['Host', 'h', 'User-Agent', 'x'],
      },
    ],
    [
      'ECS',
      {
        '@timestamp': '2024-05-01T10:00:00Z',
        http: { request: { method: 'GET' }, response: { status_code: 200 } },
        url: { original: '/a?b' },
        client: { ip: '10.0.0.9' },
      },
      { method: 'GET', target: '/a?b', client: '10.0.0.9', status: 200, tsMs: 1_714_557_600_000, headers: [] },
    ],
  ]

  it(`of ${cases.length} programs are understood`, async () => {
    let ran = 0
    for (const [, line, expected] of cases) {
      const [record] = await readAll(folder.jsonl(line), { format: 'json-log' })
      const { method, target, rawHeaders } = parts(record)
      expect({
        method,
        target,
        headers: rawHeaders,
        client: record?.client,
        status: record?.status,
        tsMs: record?.tsMs,
      }).toEqual(expected)
      ran += 1
    }
    expect(ran).toBe(5)
  })

  it('are told from records of our own', async () => {
    expect(await detectFormat(folder.jsonl(cases[0]?.[1]))).toBe('json-log')
    expect(await detectFormat(folder.jsonl({ method: 'GET', url: '/', status: 200 }))).toBe('json-log')
    expect(await detectFormat(folder.jsonl({ method: 'GET', url: '/' }))).toBe('jsonl')
    expect(await detectFormat(folder.jsonl({ raw_b64: '' }))).toBe('jsonl')
  })

  it('count lines that tell of something else', async () => {
    let skipped = 0
    const file = folder.jsonl({ level: 'info', msg: 'started' }, cases[1]?.[1])
    expect(
      await readAll(file, {
        onSkip: () => {
          skipped += 1
        },
      }),
    ).toHaveLength(1)
    expect(skipped).toBe(1)
  })
})

describe('HAR', () => {
  const entry = (request: unknown) => ({
    startedDateTime: '2024-05-01T10:00:00.000Z',
    request,
    response: { status: 200 },
  })
  const har = (...entries: readonly unknown[]) => ({ log: { version: '1.2', entries } })

  it('gives requests with their headers and bodies, on one line or printed', async () => {
    const request = {
      method: 'POST',
      url: 'https://api.example/a?b=%zz#frag',
      headers: [
        { name: ':authority', value: 'api.example' },
        { name: 'content-type', value: 'application/json' },
      ],
      postData: { mimeType: 'application/json', text: '{"ü":1}' },
    }
    for (const text of [JSON.stringify(har(entry(request))), JSON.stringify(har(entry(request)), null, 2)]) {
      const [record] = await readAll(folder.write(text, 'session.har'))
      expect(record).toMatchObject({ id: 'entry-1', tsMs: 1_714_557_600_000, status: 200 })
      expect(parts(record)).toEqual({
        kind: 'parts',
        method: 'POST',
        target: '/a?b=%zz',
        rawHeaders: ['Host', 'api.example', 'content-type', 'application/json'],
        body: '{"ü":1}',
      })
    }
  })

  it('builds a form from its parameters and skips what is no HTTP', async () => {
    let skipped = 0
    const post = { method: 'POST', url: 'http://h', headers: [], postData: { params: [{ name: 'a', value: 'b c' }] } }
    const file = folder.write(
      JSON.stringify(har(entry(post), entry({ method: 'GET', url: 'data:text/plain,x' }))),
      'x.har',
    )
    const records = await readAll(file, {
      onSkip: () => {
        skipped += 1
      },
    })
    expect(records.map((record) => parts(record))).toMatchObject([{ target: '/', body: 'a=b+c' }])
    expect(skipped).toBe(1)
  })

  it('says which entry is wrong', async () => {
    expect(
      await messageOf(folder.write(JSON.stringify(har(entry({ method: 1, url: 'http://x' }))), 'x.har')),
    ).toContain('line 1: "request.method" is 1')
    expect(await messageOf(folder.write('{\n"log": {}\n}', 'x.har'))).toContain('it has no "log.entries" list')
    expect(await messageOf(folder.write('{\n"log"', 'x.har'))).toContain('it is not JSON')
  })
})

describe('fuzz', () => {
  const lines = fc.array(
    fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        JSON.stringify(plain),
        'h - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 1 "-" "-"',
        '{"log":{"entries":[{"request":{"method":"GET","url":"http://x"}}]}}',
        '{"request":{"method":"GET","uri":"/","headers":{"a":[1]}},"ts":1e300}',
        '"\\x',
        '[',
        '{"url":{"original":1}}',
      ),
    ),
    { maxLength: 5 },
  )

  it('every reader gives records, skips or THY_TRAFFIC, whatever the file', async () => {
    const format = fc.option(fc.constantFrom(...trafficFormats), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(lines, format, async (content, named) => {
        const file = folder.write(content.join('\n'))
        try {
          for (const record of await readAll(file, named === undefined ? {} : { format: named })) {
            expect(record.line).toBeGreaterThan(0)
            if (record.request.kind === 'parts') expect(record.request.rawHeaders.length % 2).toBe(0)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ThymusError)
          expect((error as ThymusError).code).toBe('THY_TRAFFIC')
        }
      }),
      { numRuns: 500 },
    )
  })

  it('any bytes, zipped or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 120 }), fc.boolean(), async (bytes, isZipped) => {
        const file = isZipped ? folder.gzipped(bytes) : folder.write(Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes]))
        await readAll(file).catch((error: unknown) => expect(error).toBeInstanceOf(ThymusError))
      }),
      { numRuns: 200 },
    )
  })
})
