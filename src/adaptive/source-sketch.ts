import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

const width = 128
const most = 65_535

/**
 * How many samples each source has given, in half a kilobyte however many sources there are (count-min sketch, Cormode and
 * Muthukrishnan 2005): never less than the truth while a count is below 65,535; then all counts halve together.
 */
export class SourceSketch {
  readonly #counts: Uint16Array = new Uint16Array(2 * width)
  /** Places of the first row that are taken: distinct sources, or somewhat fewer. */
  distinct = 0
  /** Samples behind the counts: halves with them. */
  total = 0

  add(source: number): void {
    const first = source & (width - 1)
    const second = width + ((source >>> 7) & (width - 1))
    if (this.#counts[first] === 0) this.distinct += 1
    this.#counts[first] = (this.#counts[first] as number) + 1
    this.#counts[second] = (this.#counts[second] as number) + 1
    this.total += 1
    if (this.#counts[first] === most || this.#counts[second] === most) this.#halve()
  }

  of(source: number): number {
    const first = this.#counts[source & (width - 1)] as number
    const second = this.#counts[width + ((source >>> 7) & (width - 1))] as number
    return Math.min(first, second)
  }

  write(writer: ByteWriter): void {
    writer.f64(this.total)
    writer.array(this.#counts)
  }

  read(reader: ByteReader): void {
    this.total = reader.f64()
    reader.fill(this.#counts)
    this.distinct = this.#counts.subarray(0, width).reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  }

  /** A source that was seen stays seen. */
  #halve(): void {
    for (let place = 0; place < this.#counts.length; place += 1) {
      this.#counts[place] = Math.ceil((this.#counts[place] as number) / 2)
    }
    this.total = Math.ceil(this.total / 2)
  }
}
