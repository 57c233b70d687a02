import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../src/config/schema.ts'
import { demoConfig, describeDemoSettings } from '../../src/demo/demo-config.ts'

describe('demoConfig', () => {
  it('holds nothing that the schema does not know', () => {
    const config = configSchema.parse({ ...demoConfig(), upstream: 'http://127.0.0.1:3000' })
    expect(config.mode).toBe('enforce')
    expect(config.adaptive).toMatchObject(demoConfig().adaptive)
  })

  it('still asks for several sources and slices', () => {
    const { minSources, minSlices } = demoConfig().adaptive
    expect(minSources).toBeGreaterThanOrEqual(4)
    expect(minSlices).toBeGreaterThanOrEqual(3)
  })

  it('is told in the terminal with its figures', () => {
    expect(describeDemoSettings()).toContain(`after ${demoConfig().adaptive.minSamples} values`)
  })
})
