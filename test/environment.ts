import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import { TestEnvironment } from 'jest-environment-node'

const sharedNames = [
  'Object',
  'Array',
  'Function',
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'AggregateError',
  'Promise',
  'Map',
  'Set',
  'Date',
  'RegExp',
  'SharedArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const

/**
 * Node's test environment in which values made outside the sandbox (errors of node:fs, worker messages, fetch JSON)
 * pass `instanceof` against the sandbox's own globals.
 */
export default class NodeRealmEnvironment extends TestEnvironment {
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    const hasInstance = Function.prototype[Symbol.hasInstance]
    for (const name of sharedNames) {
      const inner = this.global[name] as unknown as new () => object
      const outer = globalThis[name] as unknown as new () => object
      Object.defineProperty(inner, Symbol.hasInstance, {
        configurable: true,
        value(this: unknown, value: unknown): boolean {
          return hasInstance.call(this as never, value) || (this === inner && value instanceof outer)
        },
      })
    }
  }
}
