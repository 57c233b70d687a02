import type { Work } from '../../operators/operator.ts'
import type { KeySelector } from '../program.ts'
import type { Member, MessageVariables } from '../variables/message-variables.ts'
import { selectsKey, type ViewPlan } from './looks.ts'
import type { ReadText } from './read-text.ts'
import type { TextReader } from './text-reader.ts'

/** Members that a condition looks at, and what is known about their texts. */
export type View = {
  readonly members: readonly Member[]
  readonly texts: readonly ReadText[]
  /** Conditions that can match any of the texts, as bits. */
  readonly candidates: Int32Array
}

/** The views of one transaction, each made when first asked for. */
export type Views = {
  readonly view: (number: number, work: Work) => View
  /** Forgets all: the message has changed. */
  readonly renew: () => void
}

type Base = {
  readonly members: readonly Member[]
  readonly texts: (ReadText | undefined)[]
  lower: readonly string[] | null
}

/** Texts too long to be kept across requests that one transaction shares among its variables. */
const maxShared = 32

export function createViews(plans: readonly ViewPlan[], variables: MessageVariables, reader: TextReader): Views {
  let views: (View | undefined)[] = new Array<View | undefined>(plans.length).fill(undefined)
  let bases: (Base | undefined)[] = new Array<Base | undefined>(plans.length).fill(undefined)
  const shared: ReadText[] = []

  const read = (text: string, work: Work): ReadText => {
    if (text.length <= 256) return reader.read(text, work)
    const known = shared.find((one) => one.text.length === text.length && one.text === text)
    if (known !== undefined) return known
    const made = reader.read(text, work)
    if (shared.length < maxShared) shared.push(made)
    return made
  }

  const baseOf = (number: number): Base => {
    const known = bases[number]
    if (known !== undefined) return known
    const { variable, path } = plans[number] as ViewPlan
    const members = path === null ? variables.members(variable) : variables.xml(path)
    const base = { members, texts: new Array<ReadText | undefined>(members.length).fill(undefined), lower: null }
    bases[number] = base
    return base
  }

  const textAt = (base: Base, at: number, work: Work): ReadText => {
    const known = base.texts[at]
    if (known !== undefined) return known
    const made = read((base.members[at] as Member).value, work)
    base.texts[at] = made
    return made
  }

  const make = (number: number, work: Work): View => {
    const plan = plans[number] as ViewPlan
    const base = baseOf(plan.base)
    const isWhole = plan.base === number
    const chosen = isWhole ? null : chooseMembers(base, plan)
    const members = chosen === null ? base.members : chosen.map((at) => base.members[at] as Member)
    const texts: ReadText[] = []
    for (let at = 0; at < members.length; at += 1)
      texts.push(textAt(base, chosen === null ? at : (chosen[at] as number), work))
    return { members, texts, candidates: unite(texts) }
  }

  return {
    view: (number, work) => {
      const known = views[number]
      if (known !== undefined) return known
      const made = make(number, work)
      views[number] = made
      return made
    },
    renew: () => {
      views = new Array<View | undefined>(plans.length).fill(undefined)
      bases = new Array<Base | undefined>(plans.length).fill(undefined)
    },
  }
}

function chooseMembers(base: Base, { key, excluded }: ViewPlan): readonly number[] {
  base.lower ??= base.members.map((member) => member.key.toLowerCase())
  const chosen: number[] = []
  for (let at = 0; at < base.members.length; at += 1) {
    const name = (base.members[at] as Member).key
    const lower = base.lower[at] as string
    if (selectsKey(key, name, lower) && !isExcluded(excluded, name, lower)) chosen.push(at)
  }
  return chosen
}

function isExcluded(excluded: readonly KeySelector[], key: string, lower: string): boolean {
  for (const selector of excluded) if (selectsKey(selector, key, lower)) return true
  return false
}

const nothing = new Int32Array(0)

/** The union of what the texts are candidates for; texts that are candidates for nothing share one empty set. */
function unite(texts: readonly ReadText[]): Int32Array {
  const first = texts[0]
  if (first === undefined) return nothing
  if (texts.length === 1) return first.candidates
  let union: Int32Array | null = null
  let last = first.candidates
  for (let at = 1; at < texts.length; at += 1) {
    const { candidates } = texts[at] as ReadText
    if (candidates === last) continue
    last = candidates
    union ??= Int32Array.from(first.candidates)
    for (let word = 0; word < union.length; word += 1) {
      union[word] = (union[word] as number) | (candidates[word] as number)
    }
  }
  return union ?? first.candidates
}
