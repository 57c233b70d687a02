import { z } from 'zod'

const bounds = z
  .strictObject({
    gt: z.number().optional(),
    gte: z.number().optional(),
    lt: z.number().optional(),
    lte: z.number().optional(),
  })
  .refine((given) => Object.keys(given).length > 0)

/** Compiles `{gt: 5, lte: 10}` to a test of a number. */
export function compileBounds(spec: unknown): (value: number) => boolean {
  const parsed = bounds.safeParse(spec)
  if (!parsed.success) throw new Error(`expected bounds such as {gt: 10, lte: 20}, found ${JSON.stringify(spec)}`)
  const {
    gt = Number.NEGATIVE_INFINITY,
    gte = Number.NEGATIVE_INFINITY,
    lt = Number.POSITIVE_INFINITY,
    lte = Number.POSITIVE_INFINITY,
  } = parsed.data
  return (value) =>
    value >= gte &&
    value <= lte &&
    (value > gt || gt === Number.NEGATIVE_INFINITY) &&
    (value < lt || lt === Number.POSITIVE_INFINITY)
}
