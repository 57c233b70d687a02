/** What the nodes and the shared store say of their states at one moment. */
export type Comparison = {
  readonly digest: string
  /** Digests of nodes that were heard of since the last comparison. */
  readonly others: readonly string[]
  /** Records in the shared store. */
  readonly count: number
  /** Records here. */
  readonly size: number
}

/**
 * Tells when states differ for good and not because something is under way: at the second comparison in a row at which
 * nothing moved here, or after six of any kind. A difference that comparing everything did not mend (a peer with another
 * version or clock) is not tried again before it changes or `patience` comparisons have passed.
 */
export type DivergenceWatch = {
  readonly isLasting: (comparison: Comparison) => boolean
  readonly noteReconciled: (changes: number) => void
}

const moving = 6
const patience = 60

export function createDivergenceWatch(): DivergenceWatch {
  let lastDigest: string | undefined
  let streak = 0
  let tried: string | undefined
  let futile: string | undefined
  let sinceFutile = 0

  return {
    isLasting: ({ digest, others, count, size }) => {
      const isSame = count === size && others.every((other) => other === digest)
      const isStill = lastDigest === digest
      lastDigest = digest
      streak = isSame ? 0 : streak + 1
      if (isSame || (streak < moving && !(streak > 1 && isStill))) return false
      tried = [count, size, digest, ...others].join()
      sinceFutile += 1
      if (tried === futile && sinceFutile < patience) return false
      streak = 0
      return true
    },
    noteReconciled: (changes) => {
      futile = changes === 0 ? tried : undefined
      sinceFutile = 0
    },
  }
}
