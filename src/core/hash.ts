/** FNV-1a over UTF-16 code units, 32 bit (http://www.isthe.com/chongo/tech/comp/fnv/). Not for secrets. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
