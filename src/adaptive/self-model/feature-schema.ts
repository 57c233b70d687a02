/**
 * The features of a request that the self model sees, in order. Another order, number or meaning is another version:
 * models of another version refuse to load. The label is what a person reads when a feature is why a request is odd.
 */
export const featureVersion = 1

const schema = [
  ['masked-max', 'what the frozen scorer says of the worst value'],
  ['masked-sum', 'what the frozen scorer says of all values together'],
  ['masked-count', 'the number of values that the frozen scorer speaks against'],
  ['rarity-max', 'the rarest characters of a value'],
  ['rarity-sum', 'rare characters of all values together'],
  ['rarity-count', 'the number of values with characters that self never showed'],
  ['type-max', 'the least expected type of a value'],
  ['type-sum', 'unexpected types of all values together'],
  ['closed-max', 'something new in a field that is closed'],
  ['closed-sum', 'new things in closed fields together'],
  ['foreign-layers', 'kinds of evidence against one value'],
  ['path-values', 'the number of values in the path'],
  ['query-values', 'the number of query values'],
  ['header-values', 'the number of headers'],
  ['cookie-values', 'the number of cookies'],
  ['form-values', 'the number of form values'],
  ['tree-values', 'the number of JSON and XML values'],
  ['total-length', 'the length of all values together'],
  ['longest-value', 'the length of the longest value'],
  ['letter-share', 'the share of letters'],
  ['digit-share', 'the share of digits'],
  ['blank-share', 'the share of blanks'],
  ['mark-share', 'the share of punctuation'],
  ['special-share', 'the share of quotes, brackets and operators'],
  ['other-share', 'the share of control and non-ASCII characters'],
  ['unknown-names', 'the number of names that self never showed'],
  ['depth', 'how deep the body is nested'],
  ['body-length', 'the length of the body'],
  ['decode-depth', 'how often a value is encoded'],
  ['derived-values', 'the number of values inside other values'],
  ['oddities', 'the number of oddities of form'],
  ['path-segments', 'the length of the path'],
  ['body-json', 'whether the body is JSON'],
  ['body-form', 'whether the body is a form'],
  ['body-other', 'whether the body is of another type'],
  ['writes', 'whether the method changes something'],
] as const

export type FeatureName = (typeof schema)[number][0]

export const featureNames: readonly FeatureName[] = schema.map(([name]) => name)
export const featureLabels: readonly string[] = schema.map(([, label]) => label)
export const featureCount: number = schema.length

/** Places of the features, by name. */
export const featureAt: Readonly<Record<FeatureName, number>> = Object.fromEntries(
  featureNames.map((name, index) => [name, index]),
) as Record<FeatureName, number>
