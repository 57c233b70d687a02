import { describe, expect, it } from '@jest/globals'
import { compileModes } from '../../src/engine/modes.ts'

const modeOf = compileModes({
  mode: 'monitor',
  routes: [
    { match: 'POST /orders/*', mode: 'enforce' },
    { match: '* /health', mode: 'off' },
    { match: 'GET /admin/**', mode: 'learn' },
    { match: '* /**' },
  ],
})

describe('compileModes', () => {
  it.each([
    ['POST', '/orders/{int}', 'enforce', 'routes[0] POST /orders/*'],
    ['GET', '/orders/{int}', 'monitor', 'mode'],
    ['POST', '/orders/{int}/lines', 'monitor', 'mode'],
    ['HEAD', '/health', 'off', 'routes[1] * /health'],
    ['GET', '/admin/users/{int}', 'learn', 'routes[2] GET /admin/**'],
    ['GET', '/admin', 'learn', 'routes[2] GET /admin/**'],
    ['GET', '/administration', 'monitor', 'mode'],
  ])('gives %s %s the mode %s, from %s', (method, route, mode, from) => {
    expect(modeOf(method, route)).toEqual({ mode, from })
    expect(modeOf(method, route)).toEqual({ mode, from })
  })
})
