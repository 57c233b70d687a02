import type { Members } from './document.ts'

const byFormat: Readonly<Record<string, readonly string[]>> = {
  uuid: ['3f1c2a64-9b0e-4d7a-8c55-0e6d1b7f4a21', 'b7d0e5c2-4f3a-4e19-a6d8-52c9f01e7b36'],
  date: ['2024-03-18', '2025-11-02'],
  'date-time': ['2024-03-18T09:24:00Z', '2025-11-02T17:41:30Z'],
  time: ['09:24:00Z'],
  email: ['anna@example.com', 'ben.mueller@example.org'],
  uri: ['https://example.com/a', 'https://example.org/b/2'],
  url: ['https://example.com/a'],
  hostname: ['example.com'],
  ipv4: ['192.0.2.10'],
  ipv6: ['2001:db8::10'],
}

/**
 * A few plain values of a type and format. `null` when no value can be made up without inventing what clients send: free
 * text, or text with a pattern of its own.
 */
export function plainValues(schema: Members, type: string | undefined): readonly unknown[] | null {
  if (type === 'boolean') return [true, false]
  if (type === 'null') return [null]
  if (type === 'integer' || type === 'number') return numbers(schema, type === 'integer')
  if (type !== 'string' || typeof schema['pattern'] === 'string') return null
  const { format } = schema
  return typeof format === 'string' && Object.hasOwn(byFormat, format) ? (byFormat[format] ?? null) : null
}

/** Both ends and the middle of the range, as far as one is given. */
function numbers(schema: Members, isWhole: boolean): readonly number[] {
  const step = isWhole ? 1 : 0.5
  const low = boundOf(schema, 'minimum', 'exclusiveMinimum', step)
  const high = boundOf(schema, 'maximum', 'exclusiveMaximum', -step)
  const first = low ?? Math.min(1, high ?? 1)
  const last = high ?? first + 41
  if (last < first) return []
  const middle = first + (last - first) / 2
  const multiple =
    typeof schema['multipleOf'] === 'number' && schema['multipleOf'] > 0 ? schema['multipleOf'] : undefined
  const fitted = [first, middle, last].map((value) => {
    if (multiple !== undefined) return Math.ceil(value / multiple) * multiple
    return isWhole ? Math.round(value) : value
  })
  return [...new Set(fitted)].filter((value) => Number.isFinite(value) && value >= first && value <= last)
}

/** In OpenAPI 3.0 `exclusive…` is a flag beside the bound, in 3.1 it is the bound. */
function boundOf(schema: Members, inclusive: string, exclusive: string, step: number): number | undefined {
  const bound = schema[inclusive]
  const edge = schema[exclusive]
  if (typeof edge === 'number') return edge + step
  if (typeof bound !== 'number') return undefined
  return edge === true ? bound + step : bound
}
