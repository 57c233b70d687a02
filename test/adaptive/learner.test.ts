import { describe, expect, it } from '@jest/globals'
import { createScene, ordinary } from './fixture.ts'

describe('learning from requests with made-up hosts', () => {
  it('keeps its cap on services, since the Host header names them', () => {
    const scene = createScene()
    const servicesOf = (): number =>
      JSON.parse(Buffer.from(scene.adaptive.save().subarray(4 + 131_072)).toString()).self.services.length
    for (let index = 0; index < 300; index += 1) {
      scene.offer({ ...ordinary(index), headers: [['host', `h${index}.example`]] })
    }
    expect(servicesOf()).toBe(8)
    expect(scene.adaptive.progress().dropped).toBeGreaterThan(100)
  })
})
