import type { Finding } from '../core/finding.ts'
import { compileGlob } from '../core/glob.ts'
import type { FindingPlace, ToleranceScope } from './adaptive.ts'

/** Compiles a scope once, so that a finding costs a few comparisons. */
export function compileScope(scope: ToleranceScope): (finding: Finding, place: FindingPlace | null) => boolean {
  const isService = compilePlace(scope.service)
  const isMethod = compilePlace(scope.method)
  const isRoute = compileGlob(scope.route)
  const isField = scope.field === null ? null : compileGlob(scope.field)
  const isFinding = compileFinding(scope.finding)
  return (finding, place) => {
    const { field } = finding
    const where = field ?? place
    if (where === null || !isFinding(finding)) return false
    if (!isService(where.service) || !isMethod(where.method) || !isRoute(where.route)) return false
    if (isField === null) return field !== null || scope.finding !== null
    return field !== null && isField(`${field.location}:${field.name}`)
  }
}

const compilePlace = (text: string): ((name: string) => boolean) =>
  text === '*' ? () => true : (name) => name === text

/** `innate:sqli-110` names a source, `tag:sql` every rule that carries the tag, null everything. */
function compileFinding(named: string | null): (finding: Finding) => boolean {
  if (named === null) return () => true
  if (named.startsWith('tag:')) {
    const tag = named.slice(4)
    return ({ tags }) => tags?.includes(tag) === true
  }
  return ({ layer, source }) => named === `${layer}:${source}`
}
