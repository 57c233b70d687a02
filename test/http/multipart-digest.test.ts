import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createMultipartDigest } from '../../src/http/multipart-digest.ts'

const limits = { maxBytes: 100_000, maxFileBytes: 50 }

type Part = { readonly name: string; readonly file: string | null; readonly content: string }

const write = (parts: readonly Part[], boundary = 'b0'): Buffer =>
  Buffer.from(
    `${parts
      .map(({ name, file, content }) => {
        const suffix = file === null ? '' : `; filename="${file}"\r\nContent-Type: image/png`
        return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${suffix}\r\n\r\n${content}\r\n`
      })
      .join('')}--${boundary}--\r\n`,
    'latin1',
  )

function digest(body: Buffer, cuts: readonly number[] = [], own = limits): { text: string; isTooLarge: boolean } {
  const made = createMultipartDigest('b0', own)
  let from = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    made.push(body.subarray(from, cut))
    from = Math.max(from, cut)
  }
  made.push(body.subarray(from))
  return { text: made.bytes().toString('latin1'), isTooLarge: made.isTooLarge() }
}

const content = fc.string({ maxLength: 200 }).filter((text) => !text.includes('--b0') && !/[^\0-\xff]/.test(text))
const part = fc.record({
  name: fc.stringMatching(/^[a-z]{1,8}$/),
  file: fc.option(fc.stringMatching(/^[a-z]{1,8}\.png$/)),
  content,
})

describe('the digest of a multipart body', () => {
  it('keeps heads and values whole and the beginning of each file, however the bytes arrive', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(2_000), { maxLength: 8 }),
        (parts, cuts) => {
          const body = write(parts)
          const shortened = parts.map((one) =>
            one.file === null ? one : { ...one, content: one.content.slice(0, 50) },
          )
          const made = digest(
            body,
            cuts.map((cut) => Math.min(cut, body.length)),
          )
          expect(made).toEqual({ text: write(shortened).toString('latin1'), isTooLarge: false })
        },
      ),
    )
  })

  it('takes a part for a file only where Content-Disposition says so', () => {
    const long = 'x'.repeat(200)
    const body = (head: string) => Buffer.from(`--b0\r\n${head}\r\n\r\n${long}\r\n--b0--`)
    for (const head of [
      'Content-Type: text/plain; filename=a',
      'X-Filename: filename="a"',
      'Content-Disposition: form-data',
    ]) {
      expect(digest(body(head)).text).toContain(long)
    }
    expect(digest(body("content-disposition: form-data; filename*=utf-8''a")).text).not.toContain(long)
  })

  it.each([
    ['a delimiter within a line', 'Content-Disposition: form-data; name="q"\r\n\r\ntext --b0\r\n'],
    ['a longer delimiter', 'Content-Disposition: form-data; name="q"\r\n\r\ntext\r\n--b0x\r\n'],
    ['two dispositions', 'Content-Disposition: form-data; name="q"\r\n'],
    ['an escaped quote', 'Content-Disposition: form-data; name="q\\"; filename=x; y="\r\n\r\n', ''],
    ['a line that goes on', 'Content-Disposition: form-data; name="q"\r\n X: y\r\n'],
    ['an empty name', 'Content-Disposition: form-data; name="q"; filename=""\r\n\r\n', ''],
    ['a bare line feed', 'X: y\nContent-Disposition: form-data; name="q"\r\n'],
  ])(
    'keeps what only some servers take for a file: %s',
    (_, head, file = 'Content-Disposition: form-data; name="f"; filename="f"\r\n\r\n') => {
      const body = Buffer.from(`--b0\r\n${head}${file}${'x'.repeat(200)}attack\r\n--b0--\r\n`)
      expect(digest(body).text).toContain('attack')
    },
  )

  it('keeps what stands before the first delimiter and behind the last', () => {
    const body = Buffer.concat([
      Buffer.from('before'.repeat(20)),
      Buffer.from('\r\n'),
      write([{ name: 'f', file: 'f', content: 'c' }]),
      Buffer.from('behind'.repeat(20)),
    ])
    expect(digest(body).text).toBe(body.toString('latin1'))
    expect(digest(Buffer.from('no delimiter at all')).text).toBe('no delimiter at all')
  })

  it('says when the values alone are too large, and keeps no more than the limit', () => {
    const made = digest(write([{ name: 'a', file: null, content: 'v'.repeat(5_000) }]), [100, 2_000], {
      maxBytes: 1_000,
      maxFileBytes: 50,
    })
    expect(made.isTooLarge).toBe(true)
    expect(made.text.length).toBeLessThanOrEqual(1_000)
  })

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.array(fc.nat(400), { maxLength: 5 }), (bytes, cuts) => {
        const body = Buffer.concat([Buffer.from('--b0\r\n'), bytes, Buffer.from('\r\n--b0--')])
        expect(
          digest(
            body,
            cuts.map((cut) => Math.min(cut, body.length)),
          ).text.length,
        ).toBeLessThanOrEqual(body.length)
      }),
    )
  })
})
