import { type FeatureName, featureAt, featureCount } from './feature-schema.ts'

/**
 * The fixed attack set: what attacks do to the features of a request, as people who wrote the detectors expect it. A
 * request of ordinary traffic with one of them laid over it is an attack that a model has to recognise; a candidate
 * that recognises fewer than the model in force has learned the wrong thing.
 */
type Vaccine = {
  readonly name: string
  /** Features that an attack has at least. */
  readonly atLeast: Partial<Record<FeatureName, number>>
  /** What it adds to the request's own. */
  readonly adds?: Partial<Record<FeatureName, number>>
}

export const vaccines: readonly Vaccine[] = [
  {
    name: 'a query in a value',
    atLeast: {
      'masked-max': 6,
      'masked-sum': 1.9,
      'masked-count': 1,
      'rarity-max': 2.5,
      'rarity-sum': 1.3,
      'rarity-count': 1,
      'foreign-layers': 2,
    },
    adds: { 'special-share': 0.06, 'total-length': 0.4 },
  },
  {
    name: 'a script in a value',
    atLeast: {
      'masked-max': 7,
      'masked-sum': 2.1,
      'masked-count': 1,
      'rarity-max': 3,
      'rarity-sum': 1.4,
      'rarity-count': 1,
      'foreign-layers': 2,
    },
    adds: { 'special-share': 0.1 },
  },
  {
    name: 'a command behind a value',
    atLeast: {
      'masked-max': 4,
      'masked-sum': 1.6,
      'masked-count': 1,
      'rarity-max': 2,
      'rarity-sum': 1.1,
      'rarity-count': 1,
      'foreign-layers': 2,
    },
    adds: { 'special-share': 0.03, 'mark-share': 0.04 },
  },
  {
    name: 'a path out of its folder',
    atLeast: {
      'masked-max': 5,
      'masked-sum': 1.8,
      'masked-count': 1,
      'rarity-max': 1.5,
      'rarity-sum': 0.9,
      'rarity-count': 1,
      'type-max': 3,
      'type-sum': 1.4,
      'foreign-layers': 3,
    },
    adds: { 'mark-share': 0.2 },
  },
  {
    name: 'an encoded payload',
    atLeast: {
      'decode-depth': 3,
      'masked-max': 3,
      'masked-sum': 1.4,
      'masked-count': 1,
      'rarity-max': 1.5,
      'rarity-sum': 0.9,
      'rarity-count': 1,
      'foreign-layers': 2,
    },
  },
  {
    name: 'an operator object where a text is usual',
    atLeast: {
      'unknown-names': 1.1,
      'type-max': 4,
      'type-sum': 1.6,
      'rarity-max': 1,
      'rarity-sum': 0.7,
      'rarity-count': 1,
      'foreign-layers': 2,
    },
    adds: { depth: 1 },
  },
  {
    name: 'something new in a closed field',
    atLeast: {
      'closed-max': 6,
      'closed-sum': 1.9,
      'rarity-max': 0.8,
      'rarity-sum': 0.6,
      'rarity-count': 1,
      'foreign-layers': 2,
    },
  },
  {
    name: 'values of the wrong type',
    atLeast: { 'type-max': 5, 'type-sum': 2.2, 'foreign-layers': 1 },
    adds: { 'letter-share': -0.1, 'digit-share': 0.1 },
  },
  {
    name: 'weak signs in many values',
    atLeast: {
      'masked-max': 1.5,
      'masked-sum': 2,
      'masked-count': 5,
      'rarity-max': 1,
      'rarity-sum': 1.8,
      'rarity-count': 5,
      'foreign-layers': 2,
    },
  },
  {
    name: 'parameters that nobody sends',
    atLeast: { 'unknown-names': 2, 'rarity-max': 1, 'rarity-sum': 1, 'rarity-count': 2, 'foreign-layers': 1 },
    adds: { 'query-values': 1.2 },
  },
  {
    name: 'a body that is far too long',
    atLeast: { 'body-length': 11, 'total-length': 11, 'longest-value': 11 },
    adds: { 'special-share': 0.05 },
  },
  {
    name: 'a broken form',
    atLeast: {
      oddities: 3,
      'rarity-max': 1,
      'rarity-sum': 0.7,
      'rarity-count': 1,
      'foreign-layers': 1,
      'decode-depth': 2,
    },
  },
]

/** A request with a vaccine laid over it. */
export function infect(benign: Float32Array, { atLeast, adds }: Vaccine, into: Float32Array): void {
  into.set(benign.subarray(0, featureCount))
  for (const [name, value] of Object.entries(adds ?? {})) {
    const place = featureAt[name as FeatureName]
    into[place] = Math.max(0, (into[place] as number) + value)
  }
  for (const [name, value] of Object.entries(atLeast)) {
    const place = featureAt[name as FeatureName]
    into[place] = Math.max(into[place] as number, value)
  }
}
