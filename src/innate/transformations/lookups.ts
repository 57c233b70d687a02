import type { Transformation } from './transformation.ts'

const maxRounds = 8
const innermost = /\$\{([^${}]{0,80})\}/g

/**
 * Resolves the lookups of Log4j 2 that stand for text: `${lower:j}`, `${::-j}` and `${env:NAME:-j}` become `j`. From
 * the inside out, a bounded number of rounds; every round only shortens the text.
 */
export const lookups: Transformation = {
  name: 'lookups',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text shows lookups
  means: 'Resolves Log4j lookups that stand for text, such as `${lower:j}` and `${::-j}`, from the inside out.',
  apply: (text) => {
    let current = text
    for (let round = 0; round < maxRounds && current.includes('${'); round += 1) {
      const next = current.replace(innermost, resolve)
      if (next === current) break
      current = next
    }
    return current
  },
  triggers: ['${'],
}

function resolve(whole: string, inner: string): string {
  const fallback = inner.lastIndexOf(':-')
  if (fallback >= 0) return inner.slice(fallback + 2)
  const folded = /^(?:lower|upper):(.*)$/is.exec(inner)
  return folded?.[1] ?? whole
}
