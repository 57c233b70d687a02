/** The first place from `start` on that is no blank or control character. */
export function skipBlanks(text: string, start: number): number {
  let at = start
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1
  return at
}

/** What stands at a place, for messages. */
export const excerptOf = (text: string, at: number): string => {
  const rest = text.slice(at, at + 32)
  return rest === '' ? 'the end' : `\`${rest}\``
}
