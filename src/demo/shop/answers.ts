import type { Response } from 'express'

/** Members of a parsed body, none of them trusted. */
export type Fields = Readonly<Record<string, unknown>>

/** A parsed body as an object; anything else has no members. */
export function readFields(body: unknown): Fields {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Fields) : {}
}

/** The API's own refusals are plain JSON, so that nobody takes them for the gateway's. */
export function fail(response: Response, status: number, error: string): void {
  response.status(status).json({ error })
}

/** A whole number within bounds; `undefined` when the text is anything else. */
export function readWhole(
  value: unknown,
  bounds: { least: number; most: number; fallback: number },
): number | undefined {
  if (value === undefined) return bounds.fallback
  if (typeof value !== 'string' || !/^\d{1,9}$/.test(value)) return undefined
  const number = Number(value)
  return number >= bounds.least && number <= bounds.most ? number : undefined
}

/** One page of a list with the figures that a pager needs. */
export function pageOf<T>(
  items: readonly T[],
  page: number,
  perPage: number,
): { total: number; page: number; items: readonly T[] } {
  return { total: items.length, page, items: items.slice((page - 1) * perPage, page * perPage) }
}
