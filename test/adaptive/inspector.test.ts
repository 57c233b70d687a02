import { describe, expect, it } from '@jest/globals'
import { createScene, ordinary } from './fixture.ts'

/** Many parameters that nobody has shown, the last one with an attack that any layer would see. */
const crowded = {
  target: `/search?${Array.from({ length: 60 }, (_, at) => `p${at}=value${at}`).join('&')}&z=%27%20or%201%3D1%20--`,
}
const shedEvents = (scene: ReturnType<typeof createScene>) => scene.events.filter(({ kind }) => kind === 'shed')

describe('Inspector', () => {
  it('looks at as much that is new as one request may bring, and says so when more was there', () => {
    const scene = createScene({ maxWork: 1_000 })
    for (let index = 0; index < 60; index += 1) scene.vet(ordinary(index))
    scene.findings(ordinary(61))
    expect(shedEvents(scene)).toEqual([])
    scene.findings(crowded)
    expect(shedEvents(scene)).toEqual([{ kind: 'shed', layer: 'adaptive' }])
    scene.findings(ordinary(62))
    expect(shedEvents(scene)).toHaveLength(1)
  })

  it('sheds nothing of requests of a usual size at the default', () => {
    const scene = createScene()
    for (let index = 0; index < 60; index += 1) scene.vet(ordinary(index))
    scene.findings(crowded)
    expect(shedEvents(scene)).toEqual([])
  })
})
