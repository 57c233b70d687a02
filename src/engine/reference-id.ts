import type { Random } from '../core/random.ts'

/** Ids that are unique to this run and cheap: a random prefix, then a counter. `k3f9x2-1a` */
export function createReferenceIds(random: Random): () => string {
  const prefix = Math.floor(random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
  let counter = 0
  return () => {
    counter += 1
    return `${prefix}-${counter.toString(36)}`
  }
}
