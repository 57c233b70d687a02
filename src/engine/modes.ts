import type { Config } from '../config/schema.ts'
import type { Mode } from '../core/verdict.ts'

export type EffectiveMode = { readonly mode: Mode; readonly from: string }

type Override = {
  readonly method: string
  readonly segments: readonly string[]
  readonly mode: Mode
  readonly from: string
}

const maxCached = 10_000

/** Compiles the modes; the first override that matches a route counts, and the answer per route is kept. */
export function compileModes(
  config: Pick<Config, 'mode' | 'routes'>,
): (method: string, route: string) => EffectiveMode {
  const overrides = config.routes.flatMap(({ match, mode }, index): Override[] => {
    const [method = '*', path = '/**'] = match.split(' ')
    return mode === undefined
      ? []
      : [{ method, segments: path.slice(1).split('/'), mode, from: `routes[${index}] ${match}` }]
  })
  const fallback = { mode: config.mode, from: 'mode' }
  if (overrides.length === 0) return () => fallback
  const cache = new Map<string, EffectiveMode>()
  return (method, route) => {
    const key = `${method} ${route}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const override = overrides.find((candidate) => matches(candidate, method, route))
    const effective = override === undefined ? fallback : { mode: override.mode, from: override.from }
    if (cache.size < maxCached) cache.set(key, effective)
    return effective
  }
}

function matches(override: Override, method: string, route: string): boolean {
  if (override.method !== '*' && override.method !== method) return false
  const segments = route.slice(1).split('/')
  for (const [index, expected] of override.segments.entries()) {
    if (expected === '**') return true
    const segment = segments[index]
    if (segment === undefined || (expected !== '*' && expected !== segment)) return false
  }
  return segments.length === override.segments.length
}
