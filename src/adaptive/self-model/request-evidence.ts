/**
 * What the inspector found in the fields of one request, for the self model. The arrays run parallel to
 * `request.fields`; 0 where a field is plainly self. They may be longer than `count`, since they are reused.
 */
export type RequestEvidence = {
  /** Fields that count: as many as the request has. */
  readonly count: number
  /** Log-odds of the frozen scorer, masked by what self does; at least 0. */
  readonly masked: Float32Array
  /** `ln(1 + rarity)` of the chunks that self never showed. */
  readonly rarity: Float32Array
  /** How surprising the type of the value is here, in nats. */
  readonly type: Float32Array
  /** How surprising anything new is in a field that has been closed so far, in nats. */
  readonly closed: Float32Array
}

/** The same, to be filled: one is made at start and `begin` empties it for each request. */
export type EvidenceBuffer = RequestEvidence & {
  /** Makes room for so many fields, all of them plainly self. */
  readonly begin: (fields: number) => void
}

const firstCapacity = 256

export function createEvidenceBuffer(): EvidenceBuffer {
  let count = 0
  let masked = new Float32Array(firstCapacity)
  let rarity = new Float32Array(firstCapacity)
  let type = new Float32Array(firstCapacity)
  let closed = new Float32Array(firstCapacity)
  return {
    begin: (fields) => {
      if (fields > masked.length) {
        const capacity = 2 ** Math.ceil(Math.log2(fields))
        masked = new Float32Array(capacity)
        rarity = new Float32Array(capacity)
        type = new Float32Array(capacity)
        closed = new Float32Array(capacity)
      } else {
        const dirty = Math.max(count, fields)
        masked.fill(0, 0, dirty)
        rarity.fill(0, 0, dirty)
        type.fill(0, 0, dirty)
        closed.fill(0, 0, dirty)
      }
      count = fields
    },
    get count() {
      return count
    },
    get masked() {
      return masked
    },
    get rarity() {
      return rarity
    },
    get type() {
      return type
    },
    get closed() {
      return closed
    },
  }
}
