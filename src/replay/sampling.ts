import { hashText } from '../core/hash.ts'
import type { Random } from '../core/random.ts'

/** At most `size` of the items by chance, each set as likely as any other, in their order (Vitter 1985, algorithm R). */
export async function sampleOf<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
  random: Random,
): Promise<readonly T[]> {
  const kept: { readonly index: number; readonly item: T }[] = []
  let index = 0
  for await (const item of items) {
    const place = index < size ? index : Math.floor(random() * (index + 1))
    if (place < size) kept[place] = { index, item }
    index += 1
  }
  return kept.toSorted((a, b) => a.index - b.index).map(({ item }) => item)
}

/** Whether a thing of this name belongs to a sample of that share: the same for every run with the same seed. */
export function isSampled(name: string, share: number, seed: number): boolean {
  if (share >= 1) return true
  // FNV mixes its last bytes poorly into the upper bits; one more multiplication does (Knuth, TAOCP 6.4).
  return (Math.imul(hashText(`${name} ${seed}`), 0x9e3779b1) >>> 0) / 4_294_967_296 < share
}
