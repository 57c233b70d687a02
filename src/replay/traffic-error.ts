import { basename } from 'node:path'
import { ThymusError } from '../core/errors.ts'
import type { TrafficPlace } from './traffic-record.ts'

/** A bad place in a traffic file: what stands there and what was expected. */
export function trafficError(place: TrafficPlace, message: string, cause?: unknown): ThymusError {
  return new ThymusError('THY_TRAFFIC', `${basename(place.file)} line ${place.line}: ${message}`, { cause })
}

/** A value as an error shows it: JSON, cut. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
