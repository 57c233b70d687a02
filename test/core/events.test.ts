import { describe, expect, it } from '@jest/globals'
import { createEventBus, type ThymusEvent } from '../../src/core/events.ts'

const event: ThymusEvent = { kind: 'breaker', subject: 's', reason: 'r' }

describe('createEventBus', () => {
  it('tells every listener, also when one of them fails', () => {
    const bus = createEventBus()
    const heard: string[] = []
    bus.subscribe(() => {
      throw new Error('a broken observer')
    })
    bus.subscribe(({ kind }) => heard.push(kind))
    bus.emit(event)
    expect(heard).toEqual(['breaker'])
  })

  it('tells nobody who has left', () => {
    const bus = createEventBus()
    const heard: string[] = []
    bus.subscribe(({ kind }) => heard.push(kind))()
    bus.emit(event)
    expect(heard).toEqual([])
  })
})
