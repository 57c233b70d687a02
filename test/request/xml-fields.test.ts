import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../src/config/schema.ts'
import { FieldCollector } from '../../src/request/field-collector.ts'
import { collectXml } from '../../src/request/xml-fields.ts'
import { createReader, fieldsOf } from '../support/canonical.ts'

describe('collectXml', () => {
  it('shortens the name of an element once, so that it does not cost its length for every text below it', () => {
    const lengths: number[] = []
    class Recorder extends FieldCollector {
      override add(...call: Parameters<FieldCollector['add']>): void {
        lengths.push(call[2].length)
        super.add(...call)
      }
    }
    const { catalog } = createReader()
    const limits = configSchema.parse({}).request
    const collector = new Recorder({ limits, catalog, unfold: () => undefined })
    collector.begin('api.test', catalog.match('api.test', 'POST', '/u'))
    const name = 'a'.repeat(100_000)
    const body = `<${name} k="1">${'t<b k="1"/>'.repeat(50)}</${name}>`
    expect(collectXml(collector, body, undefined)).toBe(true)
    expect(lengths).toHaveLength(101)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2 * limits.maxNameLength + 2)
    expect(collector.oddities.map(({ kind }) => kind)).toEqual(['name-too-long'])
  })

  it.each([
    ['one name', (evil: string) => `<${'a'.repeat(600)}${evil}>1</x>`],
    ['a deep path', (evil: string) => `${`<${'a'.repeat(200)}>`.repeat(3)}<${evil}/>`],
  ])('looks at what stands behind the cap of %s', (_title, build) => {
    const values = fieldsOf(createReader().read({ type: 'application/xml', body: build(';or(1)') }))
    expect(values.some((field) => field.startsWith('xml:{name}=') && field.includes(';or(1)'))).toBe(true)
  })
})
