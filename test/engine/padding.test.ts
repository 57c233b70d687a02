import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createThymus, type Thymus } from '../../src/app.ts'
import { loadRules } from '../../src/innate/load-rules.ts'

const jsonType = 'application/json'
const formType = 'application/x-www-form-urlencoded'
const sentence = 'The order of Anna Smith was sent on Monday and arrives within three days. '

/** Harmless text of about a length: one letter, prose, base64. */
const fillers: Readonly<Record<string, (length: number) => string>> = {
  letters: (length) => 'a'.repeat(length),
  prose: (length) => sentence.repeat(Math.ceil(length / sentence.length)),
  base64: (length) => Buffer.from(sentence.repeat(Math.ceil(length / 96))).toString('base64'),
}

const pieces = (padding: string): readonly string[] => padding.match(/.{1,40}/g) ?? []

/** Where the padding stands, and the attack behind it. */
const shapes: Readonly<Record<string, (padding: string, attack: string) => readonly [type: string, body: string]>> = {
  'in a JSON string before it': (padding, attack) => [jsonType, JSON.stringify({ padding, attack })],
  'in many JSON strings before it': (padding, attack) => [jsonType, JSON.stringify({ list: pieces(padding), attack })],
  'in a JSON string behind it': (padding, attack) => [jsonType, JSON.stringify({ attack, padding })],
  'in a form value before it': (padding, attack) => [
    formType,
    `padding=${encodeURIComponent(padding)}&attack=${encodeURIComponent(attack)}`,
  ],
  'in many form values before it': (padding, attack) => [
    formType,
    `${pieces(padding)
      .map((piece, index) => `k${index}=${encodeURIComponent(piece)}`)
      .join('&')}&attack=${encodeURIComponent(attack)}`,
  ],
}

/** One certain attack of each family of rules. */
const attacks: ReadonlyMap<string, string> = new Map(
  loadRules().flatMap((rule) => {
    const sample = rule.cases.attack[0]
    const isPlain = sample?.kind === 'value' && sample.in === null && rule.conditions[0].targets.source.includes('args')
    return isPlain && rule.score >= 0.8 && rule.paranoia === 1 ? [[rule.family, sample.value] as const] : []
  }),
)

describe('padding', () => {
  let thymus: Thymus
  beforeAll(async () => {
    const unlimited = { requestsPerSecond: null, routeRequestsPerSecond: null }
    thymus = await createThymus(
      { mode: 'enforce', innate: unlimited, quarantine: { enabled: false } },
      { isPersistent: false },
    )
  })
  afterAll(() => thymus.close())

  const kindOf = ([type, text]: readonly [string, string]): string => {
    const body = Buffer.from(text)
    const rawHeaders = [
      'host',
      'api.example',
      'user-agent',
      'test',
      'content-type',
      type,
      'content-length',
      String(body.length),
    ]
    const rest = { isBodyCut: false, remoteAddress: '192.0.2.1', receivedAtMs: 0 }
    return thymus.engine.inspect({ method: 'POST', target: '/notes', rawHeaders, body, ...rest }).verdict.kind
  }

  it('finds a certain attack in most families', () => {
    expect(attacks.size).toBeGreaterThanOrEqual(10)
  })

  it.each(
    [8_192, 131_072, 1_000_000].flatMap((size) =>
      Object.keys(shapes).flatMap((shape) => Object.keys(fillers).map((filler) => [size, shape, filler] as const)),
    ),
  )('of %d characters %s changes no verdict: %s', (size, shape, filler) => {
    const padding = fillers[filler]?.(size) ?? ''
    const write = shapes[shape] ?? (() => ['', ''])
    expect(kindOf(write(padding, 'nothing odd'))).toBe('allow')
    // Each family up to 128 KB; a few of them at the largest size, where one request takes many milliseconds.
    const chosen = size > 200_000 ? [...attacks].slice(0, 3) : [...attacks]
    const passed = chosen.filter(
      ([, attack]) => kindOf(write('', attack)) !== 'deny' || kindOf(write(padding, attack)) !== 'deny',
    )
    expect(passed).toEqual([])
  })
})
