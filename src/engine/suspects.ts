import { BoundedMap } from '../core/bounded-map.ts'
import type { Finding } from '../core/finding.ts'
import type { ConfirmedAttack } from '../memory/memory.ts'
import type { CanonicalRequest } from '../request/canonical-request.ts'

/** A value that somebody called foreign or hostile, kept for the moment in which a second witness turns up. */
export type Suspect = {
  readonly attack: Omit<ConfirmedAttack, 'confirmedBy'>
  readonly layer: Finding['layer']
  /** Detector that matched, for its record. */
  readonly source: string
}

const perClient = 4

/** Suspect values by client and by reference id; bounded, in memory only: customer data never reaches the disk. */
export class Suspects {
  readonly #byClient: BoundedMap<string, readonly Suspect[]>
  readonly #byReference: BoundedMap<string, readonly Suspect[]>

  constructor(capacity: number) {
    this.#byClient = new BoundedMap(capacity)
    this.#byReference = new BoundedMap(capacity)
  }

  add(clientId: string, referenceId: string, found: readonly Suspect[]): void {
    if (found.length === 0) return
    this.#byReference.set(referenceId, found)
    this.#byClient.set(clientId, [...found, ...(this.#byClient.peek(clientId) ?? [])].slice(0, perClient))
  }

  /** Takes out what stands against a client. */
  takeClient(clientId: string): readonly Suspect[] {
    const found = this.#byClient.peek(clientId) ?? []
    this.#byClient.delete(clientId)
    return found
  }

  ofReference(referenceId: string): readonly Suspect[] {
    return this.#byReference.peek(referenceId) ?? []
  }
}

/** The values behind the findings of one request that are strong enough to be remembered if they are confirmed. */
export function suspectsOf(
  request: CanonicalRequest,
  findings: readonly Finding[],
  options: { readonly referenceId: string; readonly minScore: number },
): readonly Suspect[] {
  const suspects: Suspect[] = []
  for (const finding of findings) {
    if (finding.shadow === true || finding.score < options.minScore || finding.field === null) continue
    if (finding.layer !== 'innate' && finding.layer !== 'adaptive') continue
    const { location, name } = finding.field
    const field = request.fields.find((candidate) => candidate.location === location && candidate.name === name)
    if (field === undefined || suspects.some(({ attack }) => attack.value === field.value)) continue
    const family = finding.layer === 'innate' ? finding.source : `unlike ${location} ${name}`
    const attack = { location, value: field.value, family, referenceId: options.referenceId }
    suspects.push({ attack, layer: finding.layer, source: finding.source })
  }
  return suspects
}
