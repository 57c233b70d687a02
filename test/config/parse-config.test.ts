import { describe, expect, it } from '@jest/globals'
import { closest } from '../../src/config/closest.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { ConfigInput } from '../../src/config/schema.ts'
import { ThymusError } from '../../src/core/errors.ts'

function messageFor(input: unknown): string {
  try {
    parseConfig(input as ConfigInput)
  } catch (error) {
    expect(error).toBeInstanceOf(ThymusError)
    expect((error as ThymusError).code).toBe('THY_CONFIG')
    expect((error as ThymusError).exitCode).toBe(2)
    return (error as ThymusError).message
  }
  throw new Error(`accepted ${JSON.stringify(input)}`)
}

describe('parseConfig', () => {
  it('fills in every default', () => {
    expect(parseConfig({ upstream: 'http://127.0.0.1:3000' })).toMatchObject({
      mode: 'monitor',
      listen: { port: 8080 },
    })
  })

  it('lower-cases header names', () => {
    const { identity } = parseConfig({ identity: { principalHeader: 'X-User', apiKeyHeaders: ['X-API-Key'] } })
    expect(identity).toMatchObject({ principalHeader: 'x-user', apiKeyHeaders: ['x-api-key'] })
  })

  const refused: readonly (readonly [unknown, string])[] = [
    [{ listen: { port: 99_999 } }, 'listen.port is 99999, expected whole number from 0 to 65535'],
    [{ listen: { port: '80' } }, 'listen.port is "80", expected whole number from 0 to 65535'],
    [{ listen: { prot: 80 } }, 'listen.prot is 80, but there is no such setting, expected listen.port'],
    [{ mdoe: 'enforce' }, 'mdoe is "enforce", but there is no such setting, expected mode'],
    [{ zzzzzzz: {} }, 'zzzzzzz is {}, but there is no such setting, expected one of mode, upstream'],
    [{ mode: 'block' }, 'mode is "block", expected one of off, learn, monitor, enforce'],
    [{ upstream: 'ftp://x' }, 'upstream is "ftp://x", expected URL or null'],
    [{ upstream: 'http://x/path' }, 'expected a URL without a path'],
    [{ routes: [{ match: 'orders' }] }, 'routes[0].match is "orders", expected a method or * and a path pattern'],
    [{ routes: [{}] }, 'routes[0].match is missing, expected text'],
    [{ trustedProxies: ['10.0.0.0/33'] }, 'trustedProxies[0] is "10.0.0.0/33", expected an address or CIDR block'],
    [{ trustedProxies: ['10.0.0.0/'] }, 'trustedProxies[0] is "10.0.0.0/", expected an address'],
    [{ quarantine: { neverHold: ['lb.local'] } }, 'quarantine.neverHold[0] is "lb.local", expected an address'],
    [{ adaptive: { trustedSources: ['::1/129'] } }, 'adaptive.trustedSources[0] is "::1/129"'],
    [
      { request: { maxBodyBytes: 10 } },
      'request.maxBodyBytes is 10, expected at least request.maxInspectedBytes (1048576)',
    ],
    [{ timeouts: { requestMs: 10 } }, 'timeouts.requestMs is 10, expected at least timeouts.headersMs (15000)'],
    [{ quarantine: { maxTtlMs: 10 } }, 'quarantine.maxTtlMs is 10, expected at least quarantine.ttlMs (300000)'],
    [{ admin: { port: 8080 } }, 'admin.port is 8080, expected a port other than listen.port (8080)'],
    [{ upstream: 'http://localhost:8080' }, 'upstream is "http://localhost:8080", expected the API behind the gateway'],
    [{ upstream: 'http://[::1]:8080' }, 'expected the API behind the gateway'],
    [{ identity: { apiKeyHeaders: ['x key'] } }, 'identity.apiKeyHeaders[0] is "x key", expected a name'],
    [{ listen: { host: '127.0.0.1:80' } }, 'listen.host is "127.0.0.1:80", expected an address or host name'],
    [{ redis: { url: 'redis://[' } }, 'redis.url is a secret, expected a URL like'],
    [{ redis: { secret: 'short' } }, 'redis.secret is a secret, expected text of at least 16 characters'],
    [{ redis: { sceret: 'hunter2' } }, 'redis.sceret'],
    [{ innate: { requestsPerSecond: 0 } }, 'innate.requestsPerSecond is 0, expected number above 0 or null'],
    [[], 'the configuration is [], expected group of settings'],
    ['text', 'the configuration is "text", expected group of settings'],
    [7, 'the configuration is 7, expected group of settings'],
  ]

  it(`refuses each of ${refused.length} bad configurations with key, value and what was expected`, () => {
    let ran = 0
    for (const [input, sentence] of refused) {
      expect(messageFor(input)).toContain(sentence)
      ran += 1
    }
    expect(ran).toBe(29)
  })

  it('lists every problem at once', () => {
    const message = messageFor({ listen: { port: -1 }, mode: 'x', memory: { cells: 1 } })
    expect(message).toContain('3 problems')
    expect(message.split('\n')).toHaveLength(4)
  })

  it('accepts equal ports on different addresses and port 0 twice', () => {
    expect(() => parseConfig({ listen: { host: '10.0.0.1', port: 80 }, admin: { port: 80 } })).not.toThrow()
    expect(() => parseConfig({ listen: { port: 0 }, admin: { port: 0 } })).not.toThrow()
    expect(() => parseConfig({ admin: { enabled: false, port: 8080 } })).not.toThrow()
  })

  it('is not misled by the names of object members', () => {
    expect(messageFor(JSON.parse('{"__proto__": {"mode": "off"}}'))).toContain('__proto__')
    expect(messageFor({ constructor: 1 })).toContain('constructor is 1, but there is no such setting')
  })
})

describe('closest', () => {
  it('finds the name that was meant', () => {
    const names = ['port', 'host', 'minSamples', 'maxShare']
    expect(closest('prot', names)).toBe('port')
    expect(closest('minsample', names)).toBe('minSamples')
    expect(closest('maxShares', names)).toBe('maxShare')
  })

  it('finds nothing when nothing is near', () => {
    expect(closest('upstream', ['port', 'host'])).toBeUndefined()
    expect(closest('x'.repeat(10_000), ['port'])).toBeUndefined()
  })
})
