/**
 * Whether a further family of detectors that each node draws for itself would add to the learned score: a seeded alphabet, in
 * which a field's self is held as hashed chunks of three or four symbols in 4,096 bits.
 *
 *   node scripts/measure-diversity.ts FILE.jsonl.gz SPLIT [--by-client]
 */
import { isCompared } from '../src/adaptive/compared.ts'
import { surpriseOf } from '../src/adaptive/novelty.ts'
import { createRandom } from '../src/core/random.ts'
import type { CanonicalRequest } from '../src/request/canonical-request.ts'
import type { Field } from '../src/request/field.ts'
import { learnService } from './fitting/material.ts'
import { type Row, readRows } from './recorded-rows.ts'

type Alphabet = { readonly symbolOf: Uint8Array; readonly size: number }
type Own = { readonly bits: Uint8Array; values: number; novel: number }
type Scored = { readonly isAttack: boolean; readonly core: number; readonly family: readonly number[] }

const bits = 4_096
const maxRead = 16_384
const end = 63
const nodes = 6

/** Letters and marks fall into eight classes each, drawn by the node; digits are one class, what is not ASCII another. */
function drawAlphabet(seed: number): Alphabet {
  const random = createRandom(seed)
  const letters = Array.from({ length: 26 }, () => 20 + Math.floor(random() * 8))
  const symbolOf = Uint8Array.from({ length: 256 }, (_, code) => {
    const letter = String.fromCharCode(code).toLowerCase().charCodeAt(0) - 97
    if (code >= 128) return 3
    if (letter >= 0 && letter < 26) return letters[letter] ?? 20
    return code >= 48 && code <= 57 ? 1 : 4 + Math.floor(random() * 8)
  })
  return { symbolOf, size: random() < 0.5 ? 3 : 4 }
}

function chunksOf(value: string, { symbolOf, size }: Alphabet): Set<number> {
  const chunks = new Set<number>()
  const symbols: number[] = []
  const length = Math.min(value.length, maxRead)
  for (let index = 0; index <= length; index += 1) {
    const symbol = index === length ? end : (symbolOf[value.charCodeAt(index) & 255] ?? 0)
    if (symbol < 20 && symbol === symbols.at(-1)) continue
    symbols.push(symbol)
    if (symbols.length < size) continue
    const hash = symbols.slice(-size).reduce((sum, one) => Math.imul(sum, 67) + one, 0)
    chunks.add((Math.imul(hash, 0x9e3779b1) >>> 0) % bits)
  }
  return chunks
}

/** One node's family over all fields of a service. */
function createFamily(alphabet: Alphabet) {
  const fields = new Map<string, Own>()
  const keyOf = ({ route }: CanonicalRequest, { location, name }: Field): string =>
    `${route.template} ${location} ${name}`
  const asked = ({ fields: all }: CanonicalRequest): Field[] =>
    all.filter((field) => isCompared(field) && field.location !== 'header')
  return {
    learn: (request: CanonicalRequest): void => {
      for (const field of asked(request)) {
        const key = keyOf(request, field)
        const own = fields.get(key) ?? { bits: new Uint8Array(bits), values: 0, novel: 0 }
        const unseen = [...chunksOf(field.value, alphabet)].filter((chunk) => own.bits[chunk] === 0)
        for (const chunk of unseen) own.bits[chunk] = 1
        own.values += 1
        own.novel += unseen.length > 0 ? 1 : 0
        fields.set(key, own)
      }
    },
    /** `ln(1 + unseen chunks)` times the surprise of any, of the field where it is most. */
    measure: (request: CanonicalRequest): number =>
      asked(request).reduce((most, field) => {
        const own = fields.get(keyOf(request, field))
        if (own === undefined) return most
        const unseen = [...chunksOf(field.value, alphabet)].filter((chunk) => own.bits[chunk] === 0).length
        return Math.max(most, Math.log(1 + unseen) * surpriseOf(own.novel, own.values))
      }, 0),
  }
}

function scoredOf(rows: readonly Row[], split: string): Scored[] {
  const self = rows.filter((row) => row.split === split)
  const { read, inspector } = learnService(self)
  const families = Array.from({ length: nodes }, (_, node) => createFamily(drawAlphabet(101 * (node + 1))))
  for (const row of self) for (const family of families) family.learn(read(row))
  return rows
    .filter((row) => row.split !== split)
    .map((row) => {
      const request = read(row)
      const family = families.map(({ measure }) => measure(request))
      return { isAttack: row.label === 'attack', core: inspector.logOdds(request), family }
    })
}

type Score = (one: Scored) => number

const [file = '', split = '', byClient] = process.argv.slice(2)
const rows = readRows(file)
const groups = byClient === '--by-client' ? [...Map.groupBy(rows, ({ client = '' }) => client).values()] : [rows]
const all = groups.flatMap((own) => scoredOf(own, split))
const attacks = all.filter(({ isAttack }) => isAttack)
const ordinary = all.filter(({ isAttack }) => !isAttack)

const thresholdAt = (score: Score, rate: number): number =>
  ordinary.map(score).toSorted((a, b) => b - a)[Math.floor(rate * ordinary.length)] ?? 0
const foundAt = (score: Score, rate: number): string => {
  const threshold = thresholdAt(score, rate)
  return ((100 * attacks.filter((one) => score(one) > threshold).length) / attacks.length).toFixed(2)
}
const core: Score = (one) => one.core
const together =
  (node: number, weight: number): Score =>
  (one) =>
    one.core + weight * (one.family[node] ?? 0)

console.log(`${attacks.length} attacks, ${ordinary.length} ordinary requests; found at 0.1 % and 1 % false alarms`)
console.log(`learned score alone: ${foundAt(core, 0.001)} ${foundAt(core, 0.01)}`)
for (const weight of [0.1, 0.2, 0.4, 0.8]) {
  const figures = Array.from({ length: nodes }, (_, node) => foundAt(together(node, weight), 0.001))
  console.log(`with the family at weight ${weight}, nodes 1 to ${nodes}, at 0.1 %: ${figures.join(' ')}`)
}
const isFound = Array.from({ length: nodes }, (_, node) => {
  const score = together(node, 0.2)
  const threshold = thresholdAt(score, 0.001)
  return (one: Scored): boolean => score(one) > threshold
})
const evading = attacks.filter((one) => isFound[0]?.(one) === false)
const seen = isFound.slice(1).map((found) => evading.filter(found).length)
console.log(`${evading.length} attacks evade node 1; of them seen by nodes 2 to ${nodes}: ${seen.join(' ')}`)
