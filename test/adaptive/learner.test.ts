import { describe, expect, it } from '@jest/globals'
import { createScene, ordinary } from './fixture.ts'

describe('learning from requests with made-up hosts', () => {
  it('keeps its cap on services, since the Host header names them', () => {
    const scene = createScene()
    const servicesOf = (): number => new Set(scene.adaptive.profiles(100_000).map(({ field }) => field.service)).size
    for (let index = 0; index < 300; index += 1) {
      scene.offer({ ...ordinary(index), headers: [['host', `h${index}.example`]] })
    }
    expect(servicesOf()).toBe(8)
    expect(scene.adaptive.progress().dropped).toBeGreaterThan(100)
  })
})

describe('learning from an API that answers every path', () => {
  it('lets one source bring only so many routes, and others bring theirs', () => {
    const scene = createScene()
    const letters = (index: number): string =>
      `x${index.toString(36).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')}`
    for (let index = 0; index < 900; index += 1) {
      scene.offer({
        target: `/${letters(index % 30)}/${letters(Math.floor(index / 30))}`,
        method: `M${index % 7}`,
        address: '198.51.100.9',
      })
    }
    expect(scene.catalog.routes().length).toBeLessThanOrEqual(100)
    scene.offer({ target: '/orders', address: '192.0.2.1' })
    expect(scene.catalog.match('api.test', 'GET', '/orders').id).not.toBe(-1)
  })
})
