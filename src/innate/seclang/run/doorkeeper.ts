/**
 * Tells whether a text has come before, roughly and in constant memory: one 32-bit hash per place, the last one wins. A
 * wrong answer only means that a text is kept that need not be, or not yet.
 */
export function createDoorkeeper(places: number): (text: string) => boolean {
  let size = 1024
  while (size < places) size *= 2
  const hashes = new Int32Array(size)
  return (text) => {
    let hash = text.length | 0x1000_0000
    for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash, 31) + text.charCodeAt(index)
    hash ^= hash >>> 15
    const place = hash & (size - 1)
    if (hashes[place] === hash) return true
    hashes[place] = hash
    return false
  }
}
