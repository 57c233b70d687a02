import type { Route } from '../../request/route.ts'

const keys = new WeakMap<Route, string>()

/** Name of the group of a route, `api GET /orders/{int}`; made once per known route, of which there is one object. */
export function routeKeyOf(route: Route): string {
  const known = keys.get(route)
  if (known !== undefined) return known
  const key = `${route.service} ${route.method} ${route.template}`
  if (route.id !== -1) keys.set(route, key)
  return key
}
