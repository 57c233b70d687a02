import type { RequestView } from '../request/request-view.ts'
import { valuesOf } from './control-values.ts'

/**
 * What anyone could build in an hour. A layer that does not beat these is not worth its name.
 */
export type Control = {
  readonly learn: (view: RequestView) => void
  /** 0 when nothing was wrong. */
  readonly score: (view: RequestView) => number
}

const suspicious = /["'`<>;|$%]|\.\.[/\\]/

/** Quotes, angle brackets, `../`, `;`, `|`, `$` and `%` in a decoded path or value. Learns nothing. */
export function createPatternControl(): Control {
  return {
    learn: () => undefined,
    score: (view) => Number(valuesOf(view).values.some(({ text }) => suspicious.test(text))),
  }
}

type Known = { maxLength: number; readonly characters: Set<string> }

/**
 * A structural whitelist: the paths, parameter lists, character sets and greatest lengths that the training part shows.
 * With v violations the score is v / (v + 1).
 */
export function createWhitelistControl(): Control {
  const paths = new Set<string>()
  const lists = new Set<string>()
  const values = new Map<string, Known>()
  return {
    learn: (view) => {
      const seen = valuesOf(view)
      paths.add(seen.path)
      lists.add(listKey(seen))
      for (const { name, text } of seen.values) {
        const known = values.get(name) ?? { maxLength: 0, characters: new Set<string>() }
        known.maxLength = Math.max(known.maxLength, text.length)
        for (const character of text) known.characters.add(character)
        values.set(name, known)
      }
    },
    score: (view) => {
      const seen = valuesOf(view)
      let violations = Number(!paths.has(seen.path)) + Number(!lists.has(listKey(seen)))
      for (const { name, text } of seen.values) violations += violationsOf(values.get(name), text)
      return violations / (violations + 1)
    },
  }
}

function violationsOf(known: Known | undefined, text: string): number {
  if (known === undefined) return 1
  const violations = Number(text.length > known.maxLength)
  for (const character of text) {
    if (!known.characters.has(character)) return violations + 1
  }
  return violations
}

function listKey(seen: ReturnType<typeof valuesOf>): string {
  const names = new Set(seen.values.map(({ name }) => name))
  return JSON.stringify([seen.path, ...[...names].sort()])
}
