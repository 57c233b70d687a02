// Something that requests are sent to and that tells which rules matched.
import type { Happened } from './judge.ts'

export type Surface = {
  readonly name: string
  readonly send: (bytes: Buffer) => Promise<Happened & { readonly headers: readonly (readonly [string, string])[] }>
  /** Reads bytes that `send` refused the way a lenient parser would; `null` where nothing can be made of them. */
  readonly sendLeniently: ((bytes: Buffer) => Promise<Happened | null>) | null
  readonly close: () => Promise<void>
}
