import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ThymusError } from '../../../src/core/errors.ts'
import { readOpenApi } from '../../../src/replay/openapi/read-openapi.ts'
import { toRequestView } from '../../../src/replay/record-view.ts'
import type { TrafficRecord } from '../../../src/replay/traffic-record.ts'
import { shop } from './shop.ts'

function read(text: string): { records: TrafficRecord[]; skipped: string[] } {
  const skipped: string[] = []
  const records = [
    ...readOpenApi(text, '/data/api.yaml', (place, reason) => {
      skipped.push(`${(place as { pointer?: string }).pointer}: ${reason}`)
    }),
  ]
  return { records, skipped }
}

function wire({ request }: TrafficRecord): string {
  if (request.kind !== 'parts') return ''
  const { method, target, rawHeaders, body } = request
  return `${method} ${target} ${rawHeaders.join(' ')}${body === null ? '' : ` ${Buffer.from(body).toString()}`}`
}

const document = (paths: unknown, rest: object = {}) => JSON.stringify({ openapi: '3.1.0', paths, ...rest })
const operation = (schema: unknown) => document({ '/a': { get: { parameters: [{ name: 'q', in: 'query', schema }] } } })
const targets = (text: string) =>
  read(text).records.map(({ request }) => (request.kind === 'parts' ? request.target : ''))

describe('requests of an OpenAPI document', () => {
  it('show every example and enum member, all parameters and the required ones alone', () => {
    const lines = read(shop).records.map(wire)
    expect(lines.slice(0, 4)).toEqual([
      'GET /v1/orders?page=2&sort=price&tags=red&filter%5Bstate%5D=open Host eu.shop.example X-Tenant acme Cookie theme=dark',
      'GET /v1/orders?page=2&sort=name&tags=red&filter%5Bstate%5D=open Host eu.shop.example X-Tenant acme Cookie theme=light%20blue',
      'GET /v1/orders?page=2&sort=date&tags=red&filter%5Bstate%5D=open Host eu.shop.example X-Tenant acme Cookie theme=dark',
      'GET /v1/orders Host eu.shop.example X-Tenant acme',
    ])
    const bodies = lines
      .filter((line) => line.startsWith('POST /v1/orders?page=2 '))
      .map((line) => line.split('Content-Type ')[1])
    expect(bodies).toEqual([
      'application/json {"sku":"A-100","note":"two, please"}',
      'application/json {"sku":"A-100","state":"new","note":"two, please"}',
      'application/json {"sku":"A-100","state":"paid","note":"two, please"}',
      'application/json {"sku":"A-100"}',
      'application/x-www-form-urlencoded sku=B+200',
      'multipart/form-data; boundary=documented-request-boundary --documented-request-boundary\r\nContent-Disposition: form-data; name="sku"\r\n\r\nC-300\r\n--documented-request-boundary--\r\n',
    ])
    expect(lines.join('\n')).not.toContain('never-sent')
  })

  it('mark values that were made up, and report what could not be', () => {
    const { records, skipped } = read(shop)
    const orders = records.filter((one) => wire(one).includes('/v1/orders/'))
    expect(orders.map((one) => wire(one).split(' ')[1])).toEqual([
      '/v1/orders/5?since=2024-03-18',
      '/v1/orders/7?since=2025-11-02',
      '/v1/orders/9?since=2024-03-18',
      '/v1/orders/5',
    ])
    expect(new Set(orders.map(({ category }) => category))).toEqual(new Set(['derived']))
    expect(records.filter(({ category }) => category === null).length).toBeGreaterThan(9)
    expect(skipped).toEqual([
      '#/paths/~1orders/post/requestBody/content/application~1xml: bodies of this media type are not made from a document',
      '#/paths/~1orders~1{id}/get/parameters/1/schema: a schema shows no example, and none can be made up from its type; the value is left out',
      '#/paths/~1far/get/parameters/0: a reference leads out of the document, which is not followed',
      '#/components/schemas/Tree/properties/child: a schema holds itself; it is left out where it would begin again',
    ])
    expect(wire(records.at(-1) as TrafficRecord)).toContain('POST /v1/loop Host eu.shop.example')
    expect(records.map(wire).join('\n')).toContain('{"name":"oak"}')
  })

  it.each([
    ['boolean', { type: 'boolean' }, ['true', 'false']],
    ['a whole number', { type: 'integer', minimum: 1, maximum: 3 }, ['1', '2', '3']],
    ['an open range', { type: ['null', 'integer'], exclusiveMinimum: 0 }, ['1', '22', '42']],
    ['3.0 bounds', { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 2 }, ['1', '2']],
    ['steps', { type: 'integer', minimum: 10, maximum: 30, multipleOf: 10 }, ['10', '20', '30']],
    ['an email', { type: 'string', format: 'email' }, ['anna%40example.com', 'ben.mueller%40example.org']],
    ['a constant', { const: 7 }, ['7']],
    ['3.1 examples', { examples: ['x', 'y', 'x'] }, ['x', 'y']],
    ['a choice', { oneOf: [{ const: 'a' }, { enum: ['b'] }] }, ['a', 'b']],
    ['an enum with a default', { enum: ['a', 'b'], default: 'b' }, ['a', 'b']],
  ])('take values from %s', (_, schema, values) => {
    expect(targets(operation(schema))).toEqual([...values.map((value) => `/a?q=${value}`), '/a'])
  })

  it('merge the parts of an allOf', () => {
    const part = (name: string) => ({ properties: { [name]: { const: name } } })
    const schema = { allOf: [part('a'), { allOf: [part('b')] }] }
    const content = { 'application/json': { schema } }
    expect(read(document({ '/a': { post: { requestBody: { required: true, content } } } })).records.map(wire)).toEqual([
      'POST /a Content-Type application/json {"a":"a","b":"b"}',
      'POST /a Content-Type application/json {}',
    ])
  })

  it('stay within 50 for an operation, whatever it shows', () => {
    expect(targets(operation({ enum: Array.from({ length: 900 }, (_, index) => index) }))).toHaveLength(50)
    const names = Array.from({ length: 12 }, (_, index) => `S${index}`)
    const every = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }]))
    const schemas = Object.fromEntries(
      names.map((name) => [name, { type: 'object', properties: { ...every, n: { const: 1 } } }]),
    )
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/S0' } } }
    const { records, skipped } = read(
      document({ '/a': { post: { requestBody: { content } } } }, { components: { schemas } }),
    )
    expect(records.length).toBeLessThanOrEqual(50)
    expect(skipped.join('\n')).toContain('more than 2000 schemas')
  })

  const bad: [string, string, string][] = [
    ['another version', 'swagger: "2.0"', '#/openapi: it is "2.0", expected the version "3.0.x" or "3.1.x"'],
    ['no document', '- 1', '#: it is [1], expected an OpenAPI document'],
    ['paths', document([]), '#/paths: it is [], expected an object of paths'],
    ['a path', document({ a: {} }), '#/paths/a: it is "a", expected a path that begins with "/"'],
    ['an operation', document({ '/a': { get: 1 } }), '#/paths/~1a/get: it is 1, expected an operation'],
    [
      'parameters',
      document({ '/a': { get: { parameters: {} } } }),
      '#/paths/~1a/get/parameters: it is {}, expected a list of parameters',
    ],
    [
      'a place',
      document({ '/a': { get: { parameters: [{ name: 'q', in: 'body' }] } } }),
      '#/paths/~1a/get/parameters/0/in: it is "body", expected one of path, query, header, cookie',
    ],
    ['a schema', operation('string'), '#/paths/~1a/get/parameters/0/schema: it is "string", expected a schema'],
    [
      'a pointer',
      operation({ $ref: '#/x' }),
      '#/paths/~1a/get/parameters/0/schema/$ref: it is "#/x", expected a pointer to a part of this document',
    ],
  ]
  it.each(bad)('are refused with file, pointer and what was expected: %s', (_, text, message) => {
    expect(bad).toHaveLength(9)
    expect(() => read(text)).toThrow(new ThymusError('THY_TRAFFIC', `api.yaml at ${message}`))
  })

  it.each(['openapi: [', 'a: &a [*a]', `a: ${'['.repeat(20_000)}`])(
    'say that a text is neither JSON nor YAML, %#',
    (text) => {
      expect(() => read(text)).toThrow(/^api\.yaml is neither JSON nor YAML: /)
    },
  )

  it('are requests or a ThymusError, whatever the document', () => {
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null), fc.double())
    const word = fc.constantFrom(
      'type',
      'properties',
      'items',
      'enum',
      'example',
      'examples',
      'allOf',
      'oneOf',
      '$ref',
      'format',
      'required',
      'minimum',
      'value',
      '__proto__',
    )
    const reference = fc.constantFrom('#', '#/paths', '#/components/schemas/A', 'x.yaml', '#/%zz', '#/paths/~1a~1{id}')
    const types = fc.constantFrom('string', 'integer', 'object', 'array', 'boolean')
    const { any, schema } = fc.letrec<{ any: unknown; schema: unknown }>((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        leaf,
        reference,
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(word, fc.string()), tie('any'), { maxKeys: 4 }),
      ),
      schema: fc.oneof(
        { depthSize: 'small' },
        fc.record(
          { type: types, example: tie('any'), enum: fc.array(leaf), format: fc.constantFrom('uuid', 'date', 'x') },
          { requiredKeys: [] },
        ),
        fc.record({ $ref: fc.constantFrom('#/components/schemas/A', 'x.yaml') }),
        fc.record({ properties: fc.dictionary(fc.string({ unit: 'binary' }), tie('schema'), { maxKeys: 3 }) }),
        fc.record({ items: tie('schema') }),
        fc.record({
          allOf: fc.array(tie('schema'), { maxLength: 2 }),
          oneOf: fc.array(tie('schema'), { maxLength: 2 }),
        }),
      ),
    }))
    const rarelyAny = (arbitrary: fc.Arbitrary<unknown>) =>
      fc.oneof({ arbitrary, weight: 20 }, { arbitrary: any, weight: 1 })
    const parameter = fc.record(
      {
        name: fc.oneof(fc.string({ unit: 'binary' }), fc.constant('id')),
        in: fc.constantFrom('path', 'query', 'header', 'cookie'),
        schema: rarelyAny(schema),
        example: any,
      },
      { requiredKeys: ['name', 'in'] },
    )
    const body = fc.record({
      content: fc.dictionary(
        fc.constantFrom('application/json', 'multipart/form-data', 'application/x-www-form-urlencoded', 'text/plain'),
        fc.record({ schema: rarelyAny(schema), example: any }, { requiredKeys: [] }),
      ),
    })
    const item = fc.record({
      post: fc.record({ parameters: fc.array(parameter, { maxLength: 4 }), requestBody: body }, { requiredKeys: [] }),
    })
    const whole = fc.record({
      openapi: fc.constant('3.1.0'),
      paths: fc.dictionary(fc.constantFrom('/a/{id}', '/b'), rarelyAny(item)),
      components: fc.record({ schemas: fc.record({ A: schema }) }),
      servers: any,
    })
    let made = 0
    fc.assert(
      fc.property(
        fc.oneof(
          whole,
          whole.map((one) => ({ ...one, servers: [] })),
          any,
        ),
        (content) => {
          try {
            for (const record of read(JSON.stringify(content) ?? '').records) {
              const { kind } = toRequestView(record.request, { remoteAddress: '10.0.0.1', receivedAtMs: 0 })
              expect(kind).toBe('view')
              made += 1
            }
          } catch (error) {
            if (!(error instanceof ThymusError)) throw error
          }
        },
      ),
      { numRuns: 1_000 },
    )
    expect(made).toBeGreaterThan(100)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .tuple(fc.nat(shop.length), fc.nat(40), fc.string())
            .map(([at, cut, text]) => shop.slice(0, at) + text + shop.slice(at + cut)),
        ),
        (text) => {
          try {
            read(text)
          } catch (error) {
            if (!(error instanceof ThymusError)) throw error
          }
        },
      ),
      { numRuns: 400 },
    )
  })
})
