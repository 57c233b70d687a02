/** One recorded request with what is known about it, whatever the file it comes from. */
export type TrafficRecord = {
  readonly id: string
  /** Line of the file, or number of the entry in a HAR file; counted from 1. */
  readonly line: number
  readonly label: TrafficLabel
  readonly category: string | null
  readonly split: string | null
  readonly source: string | null
  readonly client: string | null
  /** Epoch milliseconds; `null` when the file does not say. */
  readonly tsMs: number | null
  /** What the upstream answered; `null` when the file does not say. */
  readonly status: number | null
  /** What was put into an attack, decoded, where the file says it. */
  readonly payload?: string
  readonly request: RecordedRequest
}

export type TrafficLabel = 'benign' | 'attack' | 'unknown'

/** The exact bytes of one message, or its parts. Text of parts is latin-1, as it would have come off the wire. */
export type RecordedRequest =
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'parts'
      readonly method: string
      readonly target: string
      /** Names and values in turn. */
      readonly rawHeaders: readonly string[]
      readonly body: Uint8Array | null
    }

/** Where in which file something stands, as error sentences write it. */
export type TrafficPlace = { readonly file: string; readonly line: number }

/** Told of everything in a traffic file that is no request. */
export type SkipListener = (place: TrafficPlace, reason: string) => void

/** Text as its UTF-8 bytes, one character a byte: how node:http shows bytes beyond ASCII. */
export function wireText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 127) return false
  }
  return true
}
