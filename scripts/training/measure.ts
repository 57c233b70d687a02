import { createRowReader, type Row, readRows } from '../recorded-rows.ts'

export type Measurement = {
  readonly id: string
  readonly label: string
  readonly category: string | null
  readonly split: string
  /** Of the worst value of the request. */
  readonly logOdds: number
  readonly field: string
  readonly value: string
}

export type Meter = (row: Row) => Measurement

/** Scores requests by their worst value; headers are left out, since a layer only takes them as a hint. */
export function createMeter(score: (text: string) => number): Meter {
  const read = createRowReader()
  return (row) => {
    let worst = { logOdds: Number.NEGATIVE_INFINITY, field: '', value: '' }
    for (const { location, name, value } of read(row).fields) {
      if (location === 'header' || (location === 'path' && name !== '*' && !name.includes('~'))) continue
      const logOdds = score(value)
      if (logOdds > worst.logOdds) worst = { logOdds, field: `${location} ${name}`, value }
    }
    return { id: row.id, label: row.label, category: row.category, split: row.split ?? '', ...worst }
  }
}

export const measureSet = (path: string, meter: Meter, change: (row: Row) => Row): Measurement[] =>
  readRows(path).map((row) => meter(change(row)))

const filler =
  'The committee met again on Tuesday to talk about the new library, which should open in spring. Everybody agreed that the reading room needs more light, and that coffee is welcome there. '

/** The same request with so many characters of harmless text before an attack's payload, where the payload is known. */
export function padded(row: Row, characters: number): Row {
  if (characters === 0 || row.label !== 'attack' || row.payload === undefined || row.payload === '') return row
  const text = filler.repeat(Math.ceil(characters / filler.length)).slice(0, characters)
  const forms = [
    [row.payload, text],
    [encodeURIComponent(row.payload.toWellFormed()), encodeURIComponent(text)],
    [JSON.stringify(row.payload).slice(1, -1), text],
  ] as const
  for (const [payload, before] of forms) {
    if (row.url.includes(payload)) return { ...row, url: row.url.replace(payload, () => before + payload) }
    if (typeof row.body === 'string' && row.body.includes(payload)) {
      return { ...row, body: row.body.replace(payload, () => before + payload) }
    }
  }
  return row
}
