import { describe, expect, it } from '@jest/globals'
import { parseConfig } from '../../src/config/parse-config.ts'
import { configSchema } from '../../src/config/schema.ts'
import {
  configJsonSchema,
  describeGroups,
  describeSettings,
  expectedType,
  schemaAt,
} from '../../src/config/settings.ts'

describe('settings', () => {
  it('have a sentence each that ends with a full stop', () => {
    const settings = describeSettings()
    expect(settings.length).toBeGreaterThan(70)
    for (const { key, sentence } of settings) {
      expect(`${key}: ${sentence}`).toMatch(/: [A-Z].{8,}\.$/)
    }
    for (const group of describeGroups()) expect(group.sentence).toMatch(/^[A-Z].{8,}\.$/)
  })

  it('are all there: every leaf of the parsed defaults is described, and nothing else', () => {
    const keys = (value: unknown, prefix: string): string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, member]) => keys(member, prefix === '' ? key : `${prefix}.${key}`))
        : [prefix]
    const described = describeSettings()
      .map(({ key }) => key)
      .filter((key) => !key.includes('[]'))
    expect(described.toSorted()).toEqual(keys(parseConfig(), '').toSorted())
  })

  it('name a unit wherever their name carries one', () => {
    const timed = describeSettings().filter(({ key }) => key.endsWith('Ms'))
    expect(timed.length).toBeGreaterThan(10)
    for (const setting of timed) expect(setting.unit).toBe('milliseconds')
    expect(describeSettings().find(({ key }) => key === 'listen.port')?.unit).toBeNull()
  })

  it('give a JSON Schema that refuses unknown keys', () => {
    expect(configJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false })
  })

  it('say in words what they expect', () => {
    const words = (...path: (string | number)[]) => expectedType(schemaAt(path) ?? {})
    expect(words('listen', 'port')).toBe('whole number from 0 to 65535')
    expect(words('mode')).toBe('one of off, learn, monitor, enforce')
    expect(words('innate', 'requestsPerSecond')).toBe('number above 0 or null')
    expect(words('admin', 'enabled')).toBe('true or false')
    expect(words('trustedProxies')).toBe('list of strings')
    expect(words('routes', 0, 'mode')).toBe('one of off, learn, monitor, enforce')
    expect(schemaAt(['__proto__'])).toBeUndefined()
  })

  it('keep their defaults', () => {
    expect(configSchema.parse({})).toMatchInlineSnapshot(`
{
  "adaptive": {
    "denyScore": 0.97,
    "deployWindowMs": 1800000,
    "enabled": true,
    "expiryMs": 2592000000,
    "maxProfiles": 20000,
    "maxShare": 0.02,
    "maxWork": 1500000,
    "minSamples": 300,
    "minSlices": 3,
    "minSources": 4,
    "onFault": "allow",
    "seed": 1,
    "selfModel": {
      "enabled": false,
      "maxModels": 32,
      "maxSamples": 2000,
      "minSamples": 1000,
      "trainEveryMs": 3600000,
    },
    "sliceMs": 1200000,
    "snapshotEveryMs": 30000,
    "trustedSources": [],
  },
  "admin": {
    "enabled": true,
    "host": "127.0.0.1",
    "hostNames": [],
    "maxSignInAttempts": 5,
    "port": 9090,
    "sessionTtlMs": 28800000,
  },
  "behaviour": {
    "enabled": true,
    "maxClients": 50000,
    "maxDistinctObjects": 20,
    "maxErrorShare": 0.5,
    "maxFailedSignIns": 8,
    "minRequests": 10,
    "onFault": "allow",
    "windowMs": 60000,
  },
  "dataDir": "thymus-data",
  "identity": {
    "apiKeyHeaders": [
      "x-api-key",
    ],
    "principalHeader": null,
    "sessionCookies": [],
  },
  "innate": {
    "burst": 200,
    "enabled": true,
    "onFault": "deny",
    "paranoia": 1,
    "requestsPerSecond": 50,
    "routeBurst": 100,
    "routeRequestsPerSecond": 25,
    "rulesDir": null,
    "scorer": {
      "denyScore": 0.8,
      "enabled": true,
    },
    "secLangFiles": [],
    "shadowRules": [],
    "shippedRules": true,
  },
  "listen": {
    "host": "0.0.0.0",
    "port": 8080,
  },
  "memory": {
    "cellTtlMs": 2592000000,
    "clones": false,
    "enabled": true,
    "maxCells": 2000,
    "minAffinity": 0.6,
    "onFault": "allow",
  },
  "mode": "monitor",
  "quarantine": {
    "enabled": true,
    "evidenceTtlMs": 600000,
    "maxHeld": 20000,
    "maxHeldShare": 0.03,
    "maxTtlMs": 86400000,
    "neverHold": [],
    "releaseAfterClean": 20,
    "ttlMs": 300000,
  },
  "redis": {
    "prefix": "thymus",
    "secret": null,
    "url": null,
  },
  "request": {
    "maxBodyBytes": 104857600,
    "maxDecodeDepth": 5,
    "maxDepth": 32,
    "maxFields": 65536,
    "maxFieldsPerRoute": 512,
    "maxHeaderBytes": 16384,
    "maxHeaders": 100,
    "maxInspectedBytes": 1048576,
    "maxNameLength": 256,
    "maxParts": 100,
    "maxRoutes": 2000,
  },
  "routes": [],
  "telemetry": {
    "auditFile": true,
    "level": "info",
    "recentFindings": 2000,
  },
  "timeouts": {
    "drainMs": 10000,
    "headersMs": 15000,
    "requestMs": 120000,
    "upstreamBodyMs": 300000,
    "upstreamConnectMs": 3000,
    "upstreamHeadersMs": 30000,
  },
  "tolerances": [],
  "trustedProxies": [],
  "upstream": null,
}
`)
  })
})
