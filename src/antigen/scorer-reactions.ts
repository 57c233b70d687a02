import { nameOf } from './scorer-fold.ts'
import {
  bucketOf2,
  bucketOf3,
  bucketOf4,
  createRecency,
  isRested,
  nextTime,
  type ScorerModel,
  tokenDetector,
} from './scorer-model.ts'
import { createTokenMachine } from './scorer-tokens.ts'
import { walk } from './scorer-walk.ts'

/** Who hears what detectors say, symbol by symbol. */
export type Listener = {
  /** A part of the value begins; nothing before it counts. */
  readonly begin: () => void
  /** A symbol begins, read at this place. */
  readonly symbol: (at: number) => void
  /** A detector reacts to the symbols that end here. */
  readonly react: (reaction: Reaction) => void
  /** All detectors have spoken about the symbol at this place. */
  readonly done: (at: number) => void
}

/** Weights are whole numbers, as in the model. */
export type Reaction = {
  readonly detector: number
  readonly weight: number
  readonly text: string
  readonly isToken: boolean
}

const buckets = [bucketOf2, bucketOf3, bucketOf4] as const

/** Tells a listener how every detector reacts to a value: exactly what `score` adds up. */
export function createReactions(model: ScorerModel): (text: string, listener: Listener) => void {
  const { weights, bits } = model
  const machine = createTokenMachine(model.tokens.map(({ text }) => text))
  const grams = createRecency(weights.length)
  const states = createRecency(machine.ends.length * machine.width)
  let now = 0
  let last = 0
  let state = 0

  const speakGrams = ({ react }: Listener): void => {
    for (const [index, bucketOf] of buckets.entries()) {
      const detector = bucketOf(last, 32 - bits)
      const weight = weights[detector] ?? 0
      if (weight > 0 && !isRested(grams, detector, now)) continue
      react({ detector, weight, text: gramText(last, index + 2), isToken: false })
    }
  }

  const speakTokens = ({ react }: Listener): void => {
    const ends = machine.ends[state / machine.width] ?? []
    if (ends.length === 0 || !isRested(states, state, now)) return
    for (const token of ends) {
      const { text, weight } = model.tokens[token] ?? { text: '', weight: 0 }
      react({ detector: tokenDetector(model, token), weight, text, isToken: true })
    }
  }

  return (text, listener) =>
    walk(text, {
      restart: (context) => {
        last = context
        state = 0
        now = nextTime(now, grams, states)
        listener.begin()
      },
      symbol: (symbol, at) => {
        last = (last << 7) | symbol
        state = machine.table[state + (machine.classOf[symbol] ?? 0)] ?? 0
        now += 1
        listener.symbol(at)
        speakGrams(listener)
        speakTokens(listener)
        listener.done(at)
      },
    })
}

/** The last symbols of a packed sequence, readable. */
function gramText(last: number, size: number): string {
  let text = ''
  for (let place = size - 1; place >= 0; place -= 1) text += nameOf((last >>> (7 * place)) & 0x7f)
  return text
}
