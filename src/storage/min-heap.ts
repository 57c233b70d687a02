/** Smallest first. Removal of others than the smallest is lazy: `isCurrent` tells which entries still count. */
export type MinHeap<T> = {
  readonly push: (item: T) => void
  /** Takes out the smallest entry that still counts. */
  readonly pop: () => T | undefined
}

export function createMinHeap<T>(compare: (left: T, right: T) => number, isCurrent: (item: T) => boolean): MinHeap<T> {
  let items: T[] = []
  let rebuildAt = 1_024

  function rise(from: number): void {
    let index = from
    const item = items[index] as T
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = items[parent] as T
      if (compare(above, item) <= 0) break
      items[index] = above
      index = parent
    }
    items[index] = item
  }

  function sink(from: number): void {
    let index = from
    const item = items[index] as T
    for (;;) {
      let child = 2 * index + 1
      if (child >= items.length) break
      if (child + 1 < items.length && compare(items[child + 1] as T, items[child] as T) < 0) child += 1
      if (compare(item, items[child] as T) <= 0) break
      items[index] = items[child] as T
      index = child
    }
    items[index] = item
  }

  function takeTop(): T | undefined {
    const top = items[0]
    const last = items.pop()
    if (items.length > 0) {
      items[0] = last as T
      sink(0)
    }
    return top
  }

  return {
    push: (item) => {
      if (items.length >= rebuildAt) {
        items = items.filter(isCurrent).sort(compare)
        rebuildAt = Math.max(1_024, items.length * 2)
      }
      items.push(item)
      rise(items.length - 1)
    },
    pop: () => {
      while (items.length > 0) {
        const top = takeTop()
        if (top !== undefined && isCurrent(top)) return top
      }
      return undefined
    },
  }
}
