import type { Subject, Work } from './operators/operator.ts'
import type { Chain } from './rule-plan.ts'

type StartValue = { readonly text: string; readonly flags: number; readonly decodeDepth: number }

/** One value as each chain of transformations leaves it, made when asked for and kept until the next value. */
export type ValueForms = {
  readonly start: (value: StartValue) => void
  readonly textOf: (chain: number) => string
  readonly subjectOf: (chain: number) => Subject
}

export function createValueForms(chains: readonly Chain[], work: Work): ValueForms {
  const texts: string[] = chains.map(() => '')
  const lowers: string[] = chains.map(() => '')
  const textStamps = new Float64Array(chains.length)
  const lowerStamps = new Float64Array(chains.length)
  let stamp = 0
  let canonical = ''

  const textOf = (chain: number): string => {
    if (textStamps[chain] === stamp) return texts[chain] ?? ''
    let text = canonical
    for (const transformation of chains[chain]?.transformations ?? []) text = transformation.apply(text)
    texts[chain] = text
    textStamps[chain] = stamp
    return text
  }

  const lowerOf = (chain: number): string => {
    if (lowerStamps[chain] === stamp) return lowers[chain] ?? ''
    const text = textOf(chain)
    const lower = chain !== 0 && text === canonical ? lowerOf(0) : text.toLowerCase()
    lowers[chain] = lower
    lowerStamps[chain] = stamp
    return lower
  }

  let current = 0
  /** Most rules that run on every value never ask for the lower-case text. */
  const subject = {
    text: '',
    get lower() {
      return lowerOf(current)
    },
    flags: 0,
    decodeDepth: 0,
    work,
  }

  return {
    start: (value) => {
      stamp += 1
      canonical = value.text
      subject.flags = value.flags
      subject.decodeDepth = value.decodeDepth
    },
    textOf,
    subjectOf: (chain) => {
      subject.text = textOf(chain)
      current = chain
      return subject
    },
  }
}
