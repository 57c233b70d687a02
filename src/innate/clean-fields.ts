/** Slots, a power of two; a later number takes the slot of an earlier one. */
const slots = 65_536
const mask = slots - 1

/**
 * Fields of which no rule can ever say anything, by the number under which they come again (`Field.memo`, 0 for those
 * that do not). One array that never grows: what is forgotten is only looked at once more.
 */
export type CleanFields = {
  readonly has: (memo: number) => boolean
  readonly add: (memo: number) => void
}

export function createCleanFields(): CleanFields {
  const memos = new Float64Array(slots)
  return {
    has: (memo) => memo > 0 && memos[memo & mask] === memo,
    add: (memo) => {
      if (memo > 0) memos[memo & mask] = memo
    },
  }
}
