import type { Config } from '../config/schema.ts'
import type { Finding } from '../core/finding.ts'
import type { ObjectTrack, RouteTrack, StepTally } from './client-track.ts'
import { isPrivate, trustedAnswers, trustedQuantile } from './population.ts'

/**
 * Whether a client walks through objects that are not its own (OWASP API1:2023). What tells a walk from browsing is
 * never the number of objects alone:
 *
 *   refused   answers 401, 403, 404 beyond what the route gives everybody
 *   foreign   objects that other clients had before, on a route where that is rare
 *   order     ids next to each other (|step| <= 2)
 *   pace      faster than a person clicks: a new object every 0.3 s counts fully, every 1 s not at all
 *
 * Refused or foreign objects speak from a quarter of the limit on; order and pace only together, and from half of it.
 */
export type WalkSigns = {
  readonly distinct: number
  /** Distinct objects that are suspicious here: the setting, or three times what busy clients ask for. */
  readonly limit: number
  readonly refused: number
  readonly foreign: number
  readonly order: number
  readonly pace: number
}

export function scoreWalk(signs: WalkSigns): number {
  const { distinct, limit, refused, foreign, order, pace } = signs
  const fill = distinct / limit
  let score = 0
  if (fill >= 0.25 && (refused >= 0.3 || foreign >= 0.3)) {
    const evidence = either(0.85 * refused, 0.85 * foreign, 0.5 * order * pace)
    score = evidence * (0.7 + 0.3 * ramp(fill, 0.25, 1))
  }
  if (fill >= 0.5) {
    const evidence = either(0.75 * order * pace, 0.3 * order, 0.15 * pace)
    score = Math.max(score, evidence * (0.5 + 0.5 * ramp(fill, 0.5, 1)))
  }
  // Breadth alone is scraping at most, and stays weak.
  if (fill >= 3) score = Math.max(score, 0.3 + 0.3 * ramp(fill, 3, 8))
  return score
}

export function walkFinding(
  routeTrack: RouteTrack,
  figures: { readonly distinct: number; readonly carry: number; readonly settings: Config['behaviour'] },
): Finding | null {
  const { objects } = routeTrack
  if (objects === null) return null
  const signs = readSigns(routeTrack, objects, figures)
  const score = scoreWalk(signs)
  if (score < 0.4) return null
  const { service, method, template } = routeTrack.route
  return {
    layer: 'behaviour',
    source: 'object-walk',
    field: { service, method, route: template, location: objects.location, name: objects.name },
    score: Math.min(0.95, score),
    reason: describe(signs, figures.settings),
  }
}

function readSigns(
  { population }: RouteTrack,
  objects: ObjectTrack,
  { distinct, carry, settings }: { distinct: number; carry: number; settings: Config['behaviour'] },
): WalkSigns {
  const { current, before } = objects.steps
  const total = (key: keyof StepTally): number => current[key] + before[key] * carry
  const answers = total('answers')
  const ordinary = population.answers >= trustedAnswers ? population.deniedShare : 0
  const steps = total('steps')
  const isPaced = objects.gapMs > 0 || steps > 0
  return {
    distinct,
    limit: Math.max(settings.maxDistinctObjects, 3 * trustedQuantile(population.objects)),
    refused: excess(total('denied') / (answers + 1), ordinary),
    foreign: isPrivate(population) ? excess(total('foreign') / (answers + 1), population.sharedShare) : 0,
    order: steps < 3 ? 0 : ramp(total('near') / steps, 0.3, 0.8),
    pace: isPaced ? 1 - ramp(objects.gapMs, 300, 1_000) : 0,
  }
}

function describe(signs: WalkSigns, settings: Config['behaviour']): string {
  const parts: string[] = []
  if (signs.refused >= 0.3) parts.push(`401, 403 and 404 are ${percent(signs.refused)} above the usual share`)
  if (signs.foreign >= 0.3) parts.push(`${percent(signs.foreign)} belonged to other clients`)
  if (signs.order > 0) parts.push('one after the other')
  if (signs.pace > 0.5) parts.push('faster than a person clicks')
  const how = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  return `${Math.round(signs.distinct)} different objects of one route within ${Math.round(settings.windowMs / 1_000)} s${how}.`
}

/** The share above what is ordinary, 0..1. */
function excess(share: number, ordinary: number): number {
  return Math.min(1, Math.max(0, (share - ordinary) / Math.max(0.01, 1 - ordinary)))
}

/** Noisy or: independent signs add up and never pass 1. */
function either(first: number, second: number, third: number): number {
  return 1 - (1 - first) * (1 - second) * (1 - third)
}

function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
