import { describe, expect, it } from '@jest/globals'
import { createEventBus, holdEvents, type ThymusEvent } from '../../src/core/events.ts'

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

describe('holdEvents', () => {
  it('keeps events in their order until they are released, and passes later ones on at once', () => {
    const heard: string[] = []
    const held = holdEvents((one) => heard.push(one.kind))
    held.emit(event)
    held.emit({ kind: 'admin', actor: 'a', action: 'b', subject: 'c' })
    expect(heard).toEqual([])
    held.release()
    held.emit(event)
    held.release()
    expect(heard).toEqual(['breaker', 'admin', 'breaker'])
  })
})
