import { afterAll, describe, expect, it } from '@jest/globals'
import { createScene } from './scene.ts'

const scene = createScene()
afterAll(scene.remove)

const many = (count: number, make: (index: number) => unknown) =>
  Array.from({ length: count }, (_x, index) => make(index))
const request = (id: string, label: string, value: string, more: object) => ({
  id,
  label,
  method: 'GET',
  url: `/items?name=${encodeURIComponent(value)}&page=1`,
  headers: [['Host', 'shop.test']],
  ...more,
})
const words = ['lamp', 'chair', 'desk', 'sofa', 'shelf', 'table', 'carpet', 'mirror', 'curtain', 'vase']
const file = scene.write(
  'traffic.jsonl',
  [
    ...many(60, (index) => request(`t${index}`, 'benign', words[index % 10] ?? '', { split: 'train' })),
    ...many(20, (index) => request(`b${index}`, 'benign', words[index % 10] ?? '', {})),
    ...many(8, (index) => {
      const payload = `' or ${index}=${index} union select password from users --`
      return request(`a${index}`, 'attack', payload, { payload, category: 'sqli' })
    }),
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
)

describe('thymus evaluate', () => {
  it('says what it did besides plain teaching, as text and as JSON', async () => {
    const padding = await scene.run('evaluate', '--traffic', file, '--pad', '300', '--learn', '40', '--attacks', '1')
    expect(padding).toMatchObject({ code: 0, err: '' })
    expect(padding.out).toContain('padding: 300 characters before the payload of 8 attacks, 0 left as they are')
    expect(padding.out).toContain('cold start: at most 40 teaching requests per group, chosen by seed 1')
    const json = JSON.parse((await scene.run('evaluate', '--traffic', file, '--json')).out)
    expect(json.protocol).toEqual({ seed: 1, padding: null, learnAtMost: null, attackShare: 1, poison: null })
    expect(json.asDeployed).toMatchObject({ tp: 8, fp: 0 })
  })

  it('learns by the ordinary rules when it is poisoned, and does not admit what the rules refuse', async () => {
    const call = ['evaluate', '--traffic', file, '--poison', '0.05', '--poison-kind', 'field', '--poison-sources', '2']
    const { out } = await scene.run(...call, '--json')
    const { poison } = JSON.parse(out).protocol
    expect(poison).toMatchObject({ share: 0.05, sources: 2, kind: 'field', fields: 1, benign: { n: 3_000, rate: 1 } })
    expect(poison.poison).toMatchObject({ n: 158, hits: 0 })
    expect(poison.setApart.deployed).toMatchObject({ n: 4, hits: 4 })
    const text = await scene.run(...call)
    expect(text.out).toContain('poison: 5.0 % from 2 sources, field, aimed at one field in 1 groups: 158 attacks sent')
  })

  it('admits benign traffic without poison, as the control', async () => {
    const { out } = await scene.run('evaluate', '--traffic', file, '--poison', '0', '--layers', 'adaptive', '--json')
    const { protocol, asDeployed } = JSON.parse(out)
    expect(protocol.poison).toMatchObject({ share: 0, benign: { n: 3_000 }, poison: { n: 0, rate: null } })
    expect(asDeployed.tp + asDeployed.fn).toBe(4)
  })

  it('refuses values that make no sense and says what it expected', async () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['--pad', '-1'], '--pad is "-1", expected a whole number from 0 to 1048576'],
      [['--pad', 'long'], '--pad is "long", expected a whole number'],
      [['--learn', '1.5'], '--learn is "1.5", expected a whole number'],
      [['--attacks', '2'], '--attacks is "2", expected a share from 0 to 1 such as 0.05'],
      [['--poison', '0.9'], '--poison is "0.9", expected a share from 0 to 0.5 such as 0.05'],
      [['--poison', '5%'], '--poison is "5%", expected a share from 0 to 0.5'],
      [['--poison', '0.1', '--poison-sources', '0'], '--poison-sources is "0", expected a whole number from 1'],
      [['--poison', '0.1', '--poison-kind', 'slow'], '--poison-kind is "slow", expected one of spread, field, burst'],
      [['--poison-kind', 'burst'], '--poison-kind stands without --poison, expected --poison SHARE beside it'],
      [['--poison-sources', '3'], '--poison-sources stands without --poison, expected --poison SHARE beside it'],
      [['--poison', '0', '--layers', 'behaviour'], 'expected --layers without it'],
      [['--without', 'nothing'], '--without names "nothing"'],
    ]
    for (const [options, sentence] of cases) {
      const { code, err } = await scene.run('evaluate', '--traffic', file, ...options)
      expect(code).not.toBe(0)
      expect(err).toContain(sentence)
    }
    expect(cases).toHaveLength(12)
  })

  it('explains its options', async () => {
    const { out } = await scene.run('evaluate', '--help')
    for (const name of ['--pad', '--learn', '--attacks', '--poison', '--poison-sources', '--poison-kind']) {
      expect(out).toContain(name)
    }
  })
})
