import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createThymus, type Thymus } from '../../src/app.ts'
import type { Mode } from '../../src/core/verdict.ts'
import { startGatewayWith } from '../support/start-gateway.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const leak = 'ORA-01756: quoted string not properly terminated'

/** What the API behind the gateway answers on each path. */
const answers: Readonly<Record<string, { readonly headers?: Record<string, string>; readonly body: Buffer }>> = {
  '/plain': { body: Buffer.from('all is well') },
  '/empty': { body: Buffer.alloc(0) },
  '/long': { body: Buffer.alloc(300_000, 'all is well ') },
  '/leak': { body: Buffer.from(`error: ${leak}`) },
  '/late': { body: Buffer.concat([Buffer.alloc(5_000, 'x'), Buffer.from(leak)]) },
  '/packed': { headers: { 'content-encoding': 'gzip' }, body: gzipSync(`error: ${leak}`) },
  '/bomb': { headers: { 'content-encoding': 'gzip' }, body: gzipSync(`error: ${leak}${'x '.repeat(50_000)}`) },
  '/image': { headers: { 'content-type': 'image/png' }, body: Buffer.from(leak) },
  '/head': { headers: { 'x-internal': 'yes' }, body: Buffer.from('fine') },
}

type Scene = { readonly url: string; readonly thymus: Thymus }

async function behindApi(directives: readonly string[], mode: Mode = 'enforce'): Promise<Scene> {
  const api = createServer((req, res) => {
    const { headers = {}, body } = answers[req.url ?? ''] ?? { body: Buffer.from('?') }
    res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', ...headers })
    res.end(body)
  })
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  closers.push(() => api.close())
  const folder = mkdtempSync(join(tmpdir(), 'thymus-answers-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'answers.conf')
  writeFileSync(file, [...directives, ''].join('\n'))
  const input = { mode, innate: { secLangFiles: [file] }, telemetry: { level: 'silent' as const } }
  const thymus = await createThymus(input, { isPersistent: false })
  closers.push(thymus.close)
  const upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  const { gateway, url } = await startGatewayWith(thymus.engine, { upstream, input })
  closers.push(gateway.close)
  return { url, thymus }
}

const rules = [
  'SecResponseBodyAccess On',
  'SecResponseBodyMimeType text/plain',
  'SecResponseBodyLimit 4000',
  'SecResponseBodyLimitAction ProcessPartial',
  `SecRule RESPONSE_HEADERS:X-Internal "@streq yes" "id:1,phase:3,deny,msg:'Internal header'"`,
  `SecRule RESPONSE_BODY "@contains ORA-01756" "id:2,phase:4,deny,msg:'Database error'"`,
]

async function fetchText(url: string): Promise<{ status: number; text: string; type: string | undefined }> {
  const answer = await fetch(url)
  const text = await answer.text()
  const type = text.startsWith('{') ? (JSON.parse(text).type as string) : undefined
  return { status: answer.status, text, type }
}

describe('answers that rules ask about', () => {
  it.each(['/plain', '/empty', '/long', '/image', '/late'])(
    'pass unchanged where no rule objects: %s',
    async (path) => {
      const { url } = await behindApi(rules)
      const answer = await fetchText(url + path)
      expect(answer.status).toBe(200)
      expect(answer.text).toBe(answers[path]?.body.toString())
    },
  )

  it.each(['/leak', '/packed', '/bomb', '/head'])(
    'are withheld where one does, and nobody is accused: %s',
    async (path) => {
      const { url, thymus } = await behindApi(rules)
      for (let time = 0; time < 12; time += 1) {
        expect(await fetchText(url + path)).toMatchObject({ status: 403, type: 'urn:thymus:leak' })
      }
      expect((await fetchText(`${url}/plain`)).status).toBe(200)
      expect(thymus.parts().quarantine.holds()).toEqual([])
    },
  )

  it('are only reported in monitor mode', async () => {
    const { url, thymus } = await behindApi(rules, 'monitor')
    const seen: unknown[] = []
    thymus.events.subscribe((event) => {
      if (event.kind === 'exchange') seen.push(event.exchange.verdict)
    })
    expect((await fetchText(`${url}/leak`)).text).toContain('ORA-01756')
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(seen).toEqual([
      expect.objectContaining({ kind: 'allow', would: { kind: 'deny', status: 403, because: 'leak' } }),
    ])
  })

  it('are refused beyond the limit where the rules say so', async () => {
    const { url } = await behindApi(rules.map((line) => line.replace('ProcessPartial', 'Reject')))
    expect((await fetchText(`${url}/long`)).status).toBe(502)
    expect((await fetchText(`${url}/bomb`)).status).toBe(502)
    expect((await fetchText(`${url}/plain`)).status).toBe(200)
  })

  it('pass without being held where bodies are not asked for', async () => {
    const { url } = await behindApi(rules.slice(4))
    expect((await fetchText(`${url}/leak`)).text).toContain('ORA-01756')
    expect((await fetchText(`${url}/head`)).status).toBe(403)
  })
})
