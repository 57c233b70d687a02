import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bodyFormOf } from '../../src/request/body-fields.ts'
import { createReader, fieldsOf } from '../support/canonical.ts'

const read = (type: string, body: string | Uint8Array) => createReader().read({ target: '/u', type, body })
const valuesOf = (type: string, body: string | Uint8Array): string[] =>
  fieldsOf(read(type, body)).filter((field) => !field.startsWith('path:'))
const kindsOf = (type: string, body: string | Uint8Array): string[] => read(type, body).oddities.map(({ kind }) => kind)

describe('forms', () => {
  it('decodes names and values, and keeps every pair', () => {
    expect(valuesOf('application/x-www-form-urlencoded', 'a=1&a=2&b%5Bc%5D=x+y&=z&bare')).toEqual([
      'form:a=1',
      'form:a=2',
      'form:b[c]=x y',
      'form:=z',
      'form:=bare',
    ])
  })

  it.each([
    ['application/json', JSON.stringify([...Array(70_000).fill(1), 'at the end'])],
    ['application/x-www-form-urlencoded', `${'a=1&'.repeat(70_000)}b=at+the+end`],
    ['application/xml', `<a>${'<b>1</b>'.repeat(70_000)}<c>at the end</c></a>`],
    [
      `multipart/form-data; boundary=b`,
      `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(150)}--b\r\nContent-Disposition: form-data; name="c"\r\n\r\nat the end\r\n--b--`,
    ],
  ])('keeps what lies behind the largest number of values as text: %s', (type, body) => {
    const { fields, oddities } = read(type, body)
    expect(oddities.map(({ kind }) => kind).join()).toMatch(/too-many-(?:fields|parts)/)
    expect(fields.at(-1)?.location).toBe('body')
    expect(fields.at(-1)?.value).toMatch(/at[ +]the[ +]end/)
  })

  it('looks at a name with strange characters as a value', () => {
    expect(valuesOf('application/x-www-form-urlencoded', 'user[$ne]=1')).toContain('form:{name}=user[$ne]')
  })
})

const boundary = 'XyZ'
const multipart = (...parts: string[]): string =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`
const multipartType = `multipart/form-data; boundary=${boundary}`

describe('multipart bodies', () => {
  it('reads values, file names, types and printable file content', () => {
    const body = multipart(
      'Content-Disposition: form-data; name="title"\r\n\r\nHello',
      'Content-Disposition: form-data; name="file"; filename="a\\"b.png"\r\nContent-Type: image/png\r\n\r\n\x00\x01<?php system(1); ?>\x00',
    )
    expect(valuesOf(multipartType, body)).toEqual([
      'multipart:title=Hello',
      'multipart:file.filename=a"b.png',
      'multipart:file.type=image/png',
      'multipart:file.content=<?php system(1); ?>',
    ])
  })

  it.each([
    ['a boundary that never comes', 'multipart/form-data; boundary=other'],
    ['a missing boundary', 'multipart/form-data'],
  ])('says that a body with %s is malformed', (_title, type) => {
    expect(kindsOf(type, multipart('Content-Disposition: form-data; name="a"\r\n\r\n1'))).toContain(
      'malformed-multipart',
    )
  })

  it('caps the number of parts', () => {
    const part = 'Content-Disposition: form-data; name="a"\r\n\r\n1'
    const request = createReader({ maxParts: 5 }).read({
      type: multipartType,
      body: multipart(...Array.from({ length: 9 }, () => part)),
    })
    expect(request.oddities.map(({ kind }) => kind)).toContain('too-many-parts')
  })

  it('does not call a body malformed because it was cut', () => {
    const body = multipart('Content-Disposition: form-data; name="a"\r\n\r\n1').slice(0, -8)
    const request = createReader().read({ type: multipartType, body, isBodyCut: true })
    expect(request.oddities.map(({ kind }) => kind)).toEqual(['body-cut'])
  })
})

describe('XML bodies', () => {
  it('names texts and attributes by their path', () => {
    const body =
      '<?xml version="1.0"?><order id="7"><item sku=\'a>b\'>Tea &lt;3</item><note><![CDATA[<b>]]></note><x/></order>'
    expect(valuesOf('application/xml', body)).toEqual([
      'xml:/order@id=7',
      'xml:/order/item@sku=a>b',
      'xml:/order/item=Tea <3',
      'xml:/order/note=<b>',
    ])
  })

  it('shows a document type and its entities', () => {
    const body = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    expect(kindsOf('text/xml', body)).toContain('doctype')
    expect(valuesOf('text/xml', body)[0]).toContain('file:///etc/passwd')
  })

  it.each(['<a><b></a', '<a', '<a><b>', '<!DOCTYPE a [', '< >x'])('says that %j is malformed', (body) => {
    expect(kindsOf('application/xml', body)).toContain('malformed-xml')
  })
})

describe('bodies without a telling type', () => {
  it.each([
    ['JSON', '{"a":1}', 'json:/a=1'],
    ['a form', 'a=1&b=2', 'form:a=1'],
    ['XML', '<a>1</a>', 'xml:/a=1'],
    ['text', 'just words', 'body:text=just words'],
  ])('reads %s by its content', (_title, body, field) => {
    expect(fieldsOf(createReader().read({ body }))).toContain(field)
  })

  it('takes the printable runs of bytes of an unknown type', () => {
    const bytes = Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from('; cat /etc/passwd'), Buffer.from([255, 254])])
    expect(valuesOf('application/octet-stream', bytes)).toEqual(['body:printable=; cat /etc/passwd'])
  })

  it('notes a text body that is not UTF-8 and reads it all the same', () => {
    const request = read('application/json', Buffer.from([0x22, 0xe9, 0x22]))
    expect(request.oddities.map(({ kind }) => kind)).toEqual(['invalid-utf8'])
    expect(fieldsOf(request)).toContain('json:=é')
  })
})

describe('bodyFormOf', () => {
  it.each([
    ['application/json; charset=utf-8', 'json'],
    ['application/vnd.api+json', 'json'],
    ['APPLICATION/X-WWW-FORM-URLENCODED', 'form'],
    ['image/svg+xml', 'xml'],
    ['text/plain', 'text'],
    ['image/png', 'opaque'],
    ['', 'unknown'],
  ])('reads %j as %s', (type, form) => {
    expect(bodyFormOf(type)).toBe(form)
  })
})

describe('any body', () => {
  const types = [
    'application/json',
    'application/xml',
    multipartType,
    'application/x-www-form-urlencoded',
    'text/plain',
    'a/b',
    '',
  ]
  it('gives a result for any bytes under any type', () => {
    const reader = createReader()
    const syntax = fc.constantFrom(
      '<a',
      '>',
      '</',
      '<!',
      '--',
      '[',
      ']',
      '{',
      '"',
      '--XyZ',
      '\r\n\r\n',
      'name="',
      '=',
      '&',
      '%',
      '\x00',
    )
    const text = fc
      .array(fc.oneof(syntax, fc.string({ maxLength: 5 })), { maxLength: 40 })
      .map((pieces) => Buffer.from(pieces.join('')))
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.oneof(text, fc.uint8Array({ maxLength: 300 })), (type, body) => {
        expect(reader.read({ type, body }).fields.length).toBeGreaterThan(0)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['<a ', '<!a>', '<a b=', '&a;', '--XyZ', '[', '{"a":', 'a=&', '<!--'])('reads a megabyte of %j', (piece) => {
    const body = piece.repeat(Math.ceil(1_000_000 / piece.length))
    for (const type of types) expect(createReader().read({ type, body }).fields.length).toBeGreaterThan(0)
  })
})

describe('bodies that servers read in more ways than one', () => {
  const json = JSON.stringify({ a: 'wide attack' })
  const utf16 = (text: string) => Buffer.from(text, 'utf16le')
  const utf32 = (text: string) => Buffer.from(new Uint32Array([...text].map((char) => char.codePointAt(0) ?? 0)).buffer)

  it.each([
    ['UTF-16LE', utf16(json)],
    ['UTF-16LE with a mark', utf16(`\ufeff${json}`)],
    ['UTF-16BE', utf16(json).swap16()],
    ['UTF-16BE with a mark', utf16(`\ufeff${json}`).swap16()],
    ['UTF-32LE', utf32(json)],
    ['UTF-32BE', utf32(json).swap32()],
    ['UTF-32LE with a mark', utf32(`\ufeff${json}`)],
  ])('shows the text of %s beside its bytes, whatever the type', (_, body) => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream', 'application/xml']) {
      expect(valuesOf(type, body).some((value) => value.endsWith('=wide attack'))).toBe(true)
    }
  })

  it('still shows the bytes where a body only begins like UTF-16', () => {
    const values = valuesOf('application/x-www-form-urlencoded', 'a\0=1&b=narrow+attack')
    expect(values).toContain('form:b=narrow attack')
  })

  it('reads any bytes as wide text without a fault', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom([0xff, 0xfe], [0xfe, 0xff], [0, 0, 0, 0x41]),
        (bytes, start) => {
          expect(() => valuesOf('application/json', Buffer.from([...start, ...bytes]))).not.toThrow()
        },
      ),
    )
  })

  const part = (head: string, content: string) => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`
  it.each([
    ['before the first delimiter', `hidden attack\r\n${part('name="a"', '1')}--b--\r\n`],
    ['behind the last delimiter', `${part('name="a"', '1')}--b--\r\nhidden attack`],
    ['far inside a file', `${part('name="a"; filename="f"', `${'x'.repeat(30_000)}\x01hidden attack`)}--b--\r\n`],
    [
      'behind too many parts',
      `${part('name="a"', `${'x'.repeat(300)}\x01`).repeat(200)}${part('name="a"', 'hidden attack')}--b--`,
    ],
    ['around a delimiter within a line', `${part('name="a"', 'hidden --b\r\nX: y\r\n\r\nattack')}--b--\r\n`],
  ])('sees in multipart what stands %s', (_, body) => {
    const text = valuesOf('multipart/form-data; boundary=b', body).join('\n')
    expect(text).toMatch(/hidden [\s\S]*attack/)
    if (body.includes('hidden --b')) expect(text).toMatch(/hidden --b\s+X: y\s+attack/)
  })
})
