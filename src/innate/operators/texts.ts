import { z } from 'zod'

const text = z.string().min(1)
const texts = z.union([text.transform((one) => [one]), z.array(text).min(1)])

/** One text or a list of texts, in lower case. */
export function parseTexts(spec: unknown): readonly string[] {
  const parsed = texts.safeParse(spec)
  if (!parsed.success) throw new Error(`expected a text or a list of texts, found ${JSON.stringify(spec)}`)
  return parsed.data.map((one) => one.toLowerCase())
}
