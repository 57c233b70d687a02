import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRandom } from '../../src/core/random.ts'
import { harmlessText } from '../../src/replay/harmless-text.ts'
import { padded } from '../../src/replay/padding.ts'
import { type RequestParts, splitTarget } from '../../src/replay/request-parts.ts'
import type { RecordedRequest, TrafficRecord } from '../../src/replay/traffic-record.ts'

const payload = `<a href="x">' or 1=1 -- é`
const bytes = (text: string) => Buffer.from(text, 'utf8')

function attack(request: Partial<RequestParts>, known: string | undefined = payload): TrafficRecord {
  const parts: RecordedRequest = { kind: 'parts', method: 'POST', target: '/', rawHeaders: [], body: null, ...request }
  const base = { id: 'a', line: 1, label: 'attack', category: null, split: null, source: null, client: null } as const
  return { ...base, tsMs: null, status: null, request: parts, ...(known === undefined ? {} : { payload: known }) }
}

function longer(record: TrafficRecord, characters = 300): RequestParts {
  const request = padded(record, { characters, random: createRandom(1) })?.request
  if (request?.kind !== 'parts') throw new Error('it was not padded')
  return request
}

const expectedText = `${harmlessText(300, createRandom(1))}${payload}`

describe('padding', () => {
  it('puts prose before the payload of a query value and leaves the other values alone', () => {
    const { target } = longer(attack({ target: `/p?a=1&q=7${encodeURIComponent(payload)}&z=%41` }))
    const query = new URLSearchParams(splitTarget(target).query ?? '')
    expect([...query]).toEqual([
      ['a', '1'],
      ['q', `7${expectedText}`],
      ['z', 'A'],
    ])
    expect(target.endsWith('&z=%41')).toBe(true)
  })

  it('puts prose into the same path segment', () => {
    const { target } = longer(attack({ target: `/a/${encodeURIComponent(payload)}/c?d=e` }))
    expect(decodeURIComponent(target)).toBe(`/a/${expectedText}/c?d=e`)
  })

  it('puts prose into the values of forms and of JSON documents, with true escapes', () => {
    const form = longer(
      attack({
        rawHeaders: ['content-type', 'application/x-www-form-urlencoded'],
        body: bytes(new URLSearchParams({ a: 'b', p: payload }).toString()),
      }),
    )
    expect(new URLSearchParams(Buffer.from(form.body ?? []).toString()).get('p')).toBe(expectedText)
    const json = longer(
      attack({
        rawHeaders: ['Content-Type', 'application/json'],
        body: bytes(JSON.stringify({ a: [1.0, { b: payload }], big: 1 }).replace('é', '\\u00e9')),
      }),
    )
    expect(JSON.parse(Buffer.from(json.body ?? []).toString())).toEqual({ a: [1, { b: expectedText }], big: 1 })
  })

  it('knows a JSON document that does not say that it is one', () => {
    const { body } = longer(
      attack({ rawHeaders: ['Content-Type', 'text/plain'], body: bytes(JSON.stringify([payload])) }),
    )
    expect(JSON.parse(Buffer.from(body ?? []).toString())).toEqual([expectedText])
  })

  it('puts prose into other bodies, headers and raw messages', () => {
    expect(Buffer.from(longer(attack({ body: bytes(`<x>${payload}</x>`) })).body ?? []).toString()).toBe(
      `<x>${expectedText}</x>`,
    )
    expect(longer(attack({ rawHeaders: ['X-A', 'b', 'X-C', "x'y"] }, "'y")).rawHeaders[3]).toMatch(/^x.{300}'y$/)
    const raw = `POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na='--\r\n0\r\n\r\n`
    const message = { ...attack({}, "'--"), request: { kind: 'raw', bytes: bytes(raw) } } as const
    const request = longer(message)
    expect(Buffer.from(request.body ?? []).toString()).toMatch(/^a=.{300}'--$/)
    expect(request.rawHeaders).toEqual([])
  })

  it('leaves a record alone whose payload is not known or not there', () => {
    const options = { characters: 300, random: createRandom(1) }
    expect(padded(attack({ target: '/?a=b' }), options)).toBeUndefined()
    const { payload: _known, ...unknown } = attack({ target: '/?a=b' })
    expect(padded(unknown, options)).toBeUndefined()
    expect(
      padded({ ...attack({}, 'x'), request: { kind: 'raw', bytes: bytes('no request') } }, options),
    ).toBeUndefined()
  })

  it('is exactly as long as asked for, of harmless characters, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat({ max: 3_000 }), fc.nat(), (characters, seed) => {
        const text = harmlessText(characters, createRandom(seed))
        expect(text).toHaveLength(characters)
        expect(text).toMatch(/^[\w ,.?]*$/)
        expect(harmlessText(characters, createRandom(seed))).toBe(text)
      }),
    )
  })
})
