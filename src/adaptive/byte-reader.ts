/** Reads what `ByteWriter` wrote. Throws RangeError beyond the end, and for a count that is larger than allowed. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  u8(): number {
    const value = this.#bytes.readUInt8(this.#at)
    this.#at += 1
    return value
  }

  u32(): number {
    const value = this.#bytes.readUInt32LE(this.#at)
    this.#at += 4
    return value
  }

  /** A finite number that is not negative. */
  f64(): number {
    const value = this.#bytes.readDoubleLE(this.#at)
    if (!(value >= 0 && value < 2 ** 53)) throw new RangeError(`${value} is no count`)
    this.#at += 8
    return value
  }

  /** How many of something follow. */
  count(most: number): number {
    const value = this.u32()
    if (value > most) throw new RangeError(`${value} is more than ${most}`)
    return value
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('cut off')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  /** Fills a typed array with the bytes that follow. */
  fill({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    new Uint8Array(buffer, byteOffset, byteLength).set(this.take(byteLength))
  }
}
