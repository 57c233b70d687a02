import { existsSync } from 'node:fs'
import { readRows } from '../recorded-rows.ts'
import type { Example } from './example.ts'
import { canonical } from './mutate.ts'

type Row = {
  readonly source: string
  readonly label: string
  readonly category: string
  readonly url: string
  readonly body: string | null
  readonly payload?: string
}

/** Classes of whole requests that say nothing about a value. */
const aboutRequests: ReadonlySet<string> = new Set(['protocol', 'session-fixation'])
const shortest = 3

/** Payload lists whose licences allow shipping weights trained on them. Throws one sentence when the file is missing. */
export function readPayloads(path: string): Example[] {
  if (!existsSync(path)) {
    throw new Error(
      `${path} is missing: training needs the permissively licensed payload lists (see the model's card).`,
    )
  }
  return readRows<Row>(path).flatMap((row) => examplesOf(row))
}

function examplesOf(row: Row): Example[] {
  const isAttack = row.label === 'attack'
  const kind = `${row.source} ${row.category}`
  const texts = row.payload === undefined ? (aboutRequests.has(row.category) ? [] : valuesOf(row)) : [row.payload]
  return texts
    .map(canonical)
    .filter((text) => text.length >= shortest)
    .map((text) => ({ text, isAttack, kind, group: `${kind} ${groupOf(text)}` }))
}

/** Values of the query and of a form or text body; for requests that carry one value each. */
function valuesOf({ url, body }: Row): string[] {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''
  const pairs = [...query.split('&'), ...(body === null ? [] : /^[\w.[\]-]+=/.test(body) ? body.split('&') : [body])]
  return pairs
    .map((pair) => (/^[\w.[\]-]{1,40}=/.test(pair) ? pair.slice(pair.indexOf('=') + 1) : pair).replaceAll('+', ' '))
    .filter((text) => /[^\w.\s-]/.test(canonical(text)))
}

/** Variants of one payload mostly share their letters. */
const groupOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .slice(0, 24)
