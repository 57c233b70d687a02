/** How much must speak for a thing before it is self. */
export type SupportRule = {
  readonly minSources: number
  readonly minSlices: number
  /** So many sources that have been known for longer are enough within one slice. */
  readonly minEstablished: number
}

/** Where a sample comes from. A trusted one (a person's word, a trusted address) is support enough by itself. */
export type Provenance = {
  /** Hash of the distinct source. */
  readonly source: number
  readonly slice: number
  readonly isTrusted: boolean
  /** Whether the very same request has come before today: it shows nothing more of what else might come. */
  readonly isRepeat?: boolean
  /** Whether the source has been known for several slices and nothing was held against it. */
  readonly isEstablished?: boolean
}
