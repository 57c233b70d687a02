import type { Config } from '../config/schema.ts'
import type { Mode } from '../core/verdict.ts'
import { decodePercent } from '../request/decode/percent.ts'

export type EffectiveMode = { readonly mode: Mode; readonly from: string }

type Override = {
  readonly method: string
  readonly segments: readonly string[]
  readonly mode: Mode
  readonly from: string
}

const maxCached = 10_000

type ModeConfig = Pick<Config, 'mode' | 'routes'>
type ModeOf = (method: string, route: string) => EffectiveMode

/** Compiles the modes; the first override that matches a route counts, and the answer per route is kept. */
export function compileModes(config: ModeConfig): ModeOf {
  const choose = compileOverrides(config)
  if (choose === null) return constant({ mode: config.mode, from: 'mode' })
  const cache = new Map<string, EffectiveMode>()
  return (method, route) => {
    const key = `${method} ${route}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const effective = choose(method, segmentsOf(route))
    if (cache.size < maxCached) cache.set(key, effective)
    return effective
  }
}

/** What of a request its mode depends on. `path` is as it came, `resolved` is what its route was found by. */
export type ModeQuestion = {
  readonly method: string
  readonly route: string
  readonly path: string
  readonly resolved: string
}

/**
 * The mode of a request. Where servers may differ about its path, the stricter reading counts: for one that keeps `%2f`
 * in a segment, `/users/..%2fstatic` is a user and not under `/static`, whatever the mode there.
 */
export function compileRequestMode(config: ModeConfig, modeOf: ModeOf): (question: ModeQuestion) => Mode {
  const choose = compileOverrides(config)
  if (choose === null) return () => config.mode
  return ({ method, route, path, resolved }) => {
    const { mode } = modeOf(method, route)
    if (path === resolved) return mode
    const asWritten = choose(method, segmentsOf(path).map(decodeSegment)).mode
    return strictness[asWritten] > strictness[mode] ? asWritten : mode
  }
}

const strictness: Readonly<Record<Mode, number>> = { off: 0, learn: 1, monitor: 2, enforce: 3 }

function decodeSegment(segment: string): string {
  return decodePercent(segment)?.text ?? segment
}

function segmentsOf(path: string): string[] {
  return path.slice(1).split('/')
}

function constant(effective: EffectiveMode): ModeOf {
  return () => effective
}

/** Chooses among the overrides for a path in segments; `null` when there are none. */
function compileOverrides(config: ModeConfig): ((method: string, segments: readonly string[]) => EffectiveMode) | null {
  const overrides = config.routes.flatMap(({ match, mode }, index): Override[] => {
    const [method = '*', path = '/**'] = match.split(' ')
    return mode === undefined ? [] : [{ method, segments: segmentsOf(path), mode, from: `routes[${index}] ${match}` }]
  })
  if (overrides.length === 0) return null
  return (method, segments) => {
    const override = overrides.find((candidate) => matches(candidate, method, segments))
    return override === undefined ? { mode: config.mode, from: 'mode' } : { mode: override.mode, from: override.from }
  }
}

function matches(override: Override, method: string, segments: readonly string[]): boolean {
  if (override.method !== '*' && override.method !== method) return false
  for (const [index, expected] of override.segments.entries()) {
    if (expected === '**') return true
    const segment = segments[index]
    if (segment === undefined || (expected !== '*' && expected !== segment)) return false
  }
  return segments.length === override.segments.length
}
