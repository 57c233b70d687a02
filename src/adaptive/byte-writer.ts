const firstCapacity = 65_536

/** Bytes that grow as they are written; numbers are little-endian. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(firstCapacity)
  #length = 0

  u8(value: number): void {
    this.#reserve(1)
    this.#length = this.#buffer.writeUInt8(value, this.#length)
  }

  u32(value: number): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeUInt32LE(value, this.#length)
  }

  f64(value: number): void {
    this.#reserve(8)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }

  /** The bytes behind a typed array, as they lie in memory. */
  array({ buffer, byteOffset, byteLength }: ArrayBufferView): void {
    this.#reserve(byteLength)
    this.#buffer.set(new Uint8Array(buffer, byteOffset, byteLength), this.#length)
    this.#length += byteLength
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#length + bytes))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}
