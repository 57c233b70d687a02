import { hashText } from '../core/hash.ts'
import type { FieldProfile } from './field-profile.ts'

const places = 4_096
const longest = 512

/**
 * Texts in which the frozen scorer hears nothing that their field's self has not silenced. As silence only grows until
 * something expires, they need not be read again before `clear`.
 */
export class AcceptedValues {
  readonly #texts: string[] = new Array<string>(places).fill('')
  readonly #profiles: (FieldProfile | undefined)[] = new Array<FieldProfile | undefined>(places).fill(undefined)

  has(profile: FieldProfile, value: string): boolean {
    if (value.length > longest) return false
    const place = placeOf(value)
    return this.#profiles[place] === profile && this.#texts[place] === value
  }

  note(profile: FieldProfile, value: string): void {
    if (value.length > longest) return
    const place = placeOf(value)
    this.#texts[place] = value
    this.#profiles[place] = profile
  }

  clear(): void {
    this.#profiles.fill(undefined)
    this.#texts.fill('')
  }
}

const placeOf = (value: string): number => {
  const hash = hashText(value)
  return (hash ^ (hash >>> 13)) & (places - 1)
}
