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
  /** Conditions that can match any text of a set of views, as bits. */
  readonly candidates: (set: number, work: Work) => Int32Array
  /** Forgets all: the message has changed. */
  readonly renew: () => void
}

type Base = {
  readonly members: readonly Member[]
  readonly texts: (ReadText | undefined)[]
  lower: readonly string[] | null
}

/** Texts that one transaction shares among its variables and phases: a value may be in several. */
const maxShared = 256

export type ViewsPlan = { readonly views: readonly ViewPlan[]; readonly viewSets: readonly (readonly number[])[] }

export function createViews(plan: ViewsPlan, variables: MessageVariables, reader: TextReader): Views {
  const { views: plans, viewSets } = plan
  let unions: (Int32Array | undefined)[] = new Array<Int32Array | undefined>(viewSets.length).fill(undefined)
  let views: (View | undefined)[] = new Array<View | undefined>(plans.length).fill(undefined)
  let bases: (Base | undefined)[] = new Array<Base | undefined>(plans.length).fill(undefined)
  const shared = new Map<string, ReadText>()

  const read = (text: string, work: Work): ReadText => {
    const known = shared.get(text)
    if (known !== undefined) return known
    const made = reader.read(text, work)
    if (shared.size < maxShared) shared.set(text, made)
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

  const view = (number: number, work: Work): View => {
    const known = views[number]
    if (known !== undefined) return known
    const made = make(number, work)
    views[number] = made
    return made
  }

  return {
    view,
    candidates: (set, work) => {
      const known = unions[set]
      if (known !== undefined) return known
      const made = unite((viewSets[set] as readonly number[]).map((number) => view(number, work)))
      unions[set] = made
      return made
    },
    renew: () => {
      unions = new Array<Int32Array | undefined>(viewSets.length).fill(undefined)
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

/** The union of what texts or views are candidates for; texts that are candidates for nothing share one empty set. */
function unite(texts: readonly { readonly candidates: Int32Array }[]): Int32Array {
  let union: Int32Array = nothing
  let isOwn = false
  for (let at = 0; at < texts.length; at += 1) {
    const { candidates } = texts[at] as { readonly candidates: Int32Array }
    if (candidates === union || candidates.length === 0) continue
    if (union.length === 0) {
      union = candidates
      continue
    }
    if (!isOwn) union = union.slice()
    isOwn = true
    for (let word = 0; word < union.length; word += 1) {
      union[word] = (union[word] as number) | (candidates[word] as number)
    }
  }
  return union
}
