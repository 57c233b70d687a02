import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { configSchema } from '../../src/config/schema.ts'
import { type BodyPlan, classifyBody, planBody } from '../../src/http/body-plan.ts'
import { decompress } from '../../src/http/decompress.ts'
import { classifyHeader, isTreacherousName } from '../../src/http/header-name.ts'
import { passMembrane } from '../../src/http/membrane.ts'
import { originForm } from '../../src/http/target.ts'

const limits = configSchema.parse({}).request
const anyCase = (name: string) =>
  fc
    .infiniteStream(fc.boolean())
    .map((upper) => Array.from(name, (c) => (upper.next().value ? c.toUpperCase() : c)).join(''))

describe('classifyHeader', () => {
  it('knows its names in any case and takes no other for one', () => {
    const names = [
      'host',
      'content-length',
      'transfer-encoding',
      'connection',
      'expect',
      'upgrade',
      'forwarded',
    ] as const
    for (const name of names) {
      fc.assert(fc.property(anyCase(name), (spelled) => expect(classifyHeader(spelled)).toBe(name)))
    }
    fc.assert(
      fc.property(fc.string(), (name) =>
        expect(classifyHeader(`${name}-other`)).toBe(
          name.toLowerCase().startsWith('x-forwarded-') ? 'other-forwarding' : 'other',
        ),
      ),
    )
  })

  it('sees through underscores', () => {
    for (const name of [
      'Content_Length',
      'TRANSFER_ENCODING',
      'x-forwarded_for',
      '__proto__',
      '__PROTO__',
      'Set_Cookie',
    ]) {
      expect(isTreacherousName(name)).toBe(true)
    }
    for (const name of ['my_header', 'x_request_id', '_']) expect(isTreacherousName(name)).toBe(false)
  })
})

describe('passMembrane', () => {
  it('never throws, whatever the head holds, and never lets two framings through', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('Host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Expect'),
    )
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('5', 'chunked', 'api.test', 'close, host', '100-continue'),
    )
    const headers = fc.array(fc.tuple(name, value)).map((pairs) => pairs.flat())
    const target = fc.oneof(fc.string(), fc.webPath(), fc.webUrl())
    fc.assert(
      fc.property(
        fc.string(),
        target,
        fc.constantFrom('1.0', '1.1', '2.0'),
        headers,
        (method, path, httpVersion, rawHeaders) => {
          const passed = passMembrane({ method, target: path, httpVersion, rawHeaders }, limits)
          if (passed.kind === 'rejected') return
          expect(passed.target.startsWith('/')).toBe(true)
          const lower = rawHeaders.filter((_, index) => index % 2 === 0).map((text) => text.toLowerCase())
          const framings = lower.filter((text) => text === 'content-length' || text === 'transfer-encoding')
          expect(framings.length).toBeLessThanOrEqual(1)
          expect(lower.filter((text) => text === 'host').length).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('originForm', () => {
  it('keeps paths and takes them out of URLs of the same host', () => {
    expect(originForm('/a?b=c', 'api.test')).toBe('/a?b=c')
    expect(originForm('http://API.test:80?x', 'api.test')).toBe('/?x')
    expect(originForm('https://api.test:443/a', 'api.test')).toBe('/a')
    expect(originForm('http://api.test:443/a', 'api.test')).toMatchObject({ kind: 'rejected' })
  })
})

describe('classifyBody', () => {
  const table = [
    ['application/json', 'parsed'],
    ['APPLICATION/JSON ; charset=utf-8', 'parsed'],
    ['application/vnd.api+json', 'parsed'],
    ['application/x-ndjson', 'parsed'],
    ['application/soap+xml', 'parsed'],
    ['text/anything', 'parsed'],
    ['application/graphql', 'parsed'],
    ['application/x-www-form-urlencoded', 'parsed'],
    ['application/json/evil', 'parsed'],
    ['', 'parsed'],
    ['multipart/form-data; boundary=x', 'multipart'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'opaque'],
    ['image/svg+xml', 'parsed'],
    ['image/png', 'opaque'],
    ['application/octet-stream', 'opaque'],
  ] as const
  it.each(table)('reads %s as %s', (type, expected) => {
    expect(classifyBody(type)).toBe(expected)
  })
})

describe('decompress', () => {
  const plan = (encoding: BodyPlan['encoding']): BodyPlan => ({
    kind: 'plan',
    collectBytes: 1_000_000,
    isBounded: true,
    encoding,
    maxInspectedBytes: 1_000_000,
  })
  const packers = [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const

  it('brings back what was packed', () => {
    for (const [encoding, pack] of packers) {
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), (bytes) => {
          const unpacked = decompress(pack(bytes), plan(encoding), false)
          expect(Buffer.isBuffer(unpacked) && unpacked.equals(bytes)).toBe(true)
        }),
      )
    }
  })

  it('never throws on damaged bytes', () => {
    for (const encoding of ['gzip', 'deflate', 'br'] as const) {
      fc.assert(
        fc.property(fc.uint8Array(), fc.boolean(), (bytes, isCut) => {
          const result = decompress(Buffer.from(bytes), plan(encoding), isCut)
          expect(Buffer.isBuffer(result) || result.kind === 'rejected').toBe(true)
        }),
      )
    }
  })

  it('refuses what grows beyond 100 times its size or the inspected limit', () => {
    for (const [encoding, pack] of packers) {
      const bomb = decompress(pack(Buffer.alloc(900_000)), plan(encoding), false)
      expect(bomb).toMatchObject({ kind: 'rejected', status: 413 })
    }
  })

  it('reads the beginning of a body that was cut', () => {
    for (const [encoding, pack] of packers) {
      const packed = pack(Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 251)))
      const begun = decompress(packed.subarray(0, packed.length >> 1), plan(encoding), true)
      expect(Buffer.isBuffer(begun)).toBe(true)
    }
  })
})

describe('planBody', () => {
  const head = (length: number, contentType: string | null, contentEncoding: string | null = null) => ({
    kind: 'head' as const,
    target: '/',
    host: 'a',
    length,
    contentType,
    contentEncoding,
    connection: null,
    expectsContinue: false,
    upgrade: null,
  })
  it('bounds parsed types and cuts others', () => {
    expect(planBody(head(0, null), limits)).toBeNull()
    expect(planBody(head(5, 'application/json'), limits)).toMatchObject({ isBounded: true, collectBytes: 1_048_576 })
    expect(planBody(head(2_000_000, 'application/json'), limits)).toMatchObject({ kind: 'rejected', status: 413 })
    expect(planBody(head(2_000_000, 'image/png'), limits)).toMatchObject({ isBounded: false, collectBytes: 65_536 })
    expect(planBody(head(2_000_000, 'multipart/form-data'), limits)).toMatchObject({ isBounded: false })
    expect(planBody(head(-1, 'multipart/form-data', 'gzip'), limits)).toMatchObject({ isBounded: true })
    expect(planBody(head(200_000_000, 'image/png'), limits)).toMatchObject({ kind: 'rejected', status: 413 })
    expect(planBody(head(5, null, 'zstd'), limits)).toMatchObject({ kind: 'rejected', status: 415 })
  })
})
