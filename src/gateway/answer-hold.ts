import type { AnswerBody, AnswerHead, Answers, Inspection } from '../engine/engine.ts'
import { decompressAnswer, type PlainAnswer } from '../http/decompress.ts'

/** An answer that is held back until its body, or the beginning of it, has been judged. */
export type AnswerHold = {
  readonly head: AnswerHead
  /** Takes a piece; true once there is enough to judge. */
  readonly add: (chunk: Buffer) => boolean
  readonly bytes: () => Buffer
  readonly judge: (inspection: Inspection) => Inspection
  /** There is more than may be, once decompressed too, and what is larger is to be refused. */
  readonly isTooLarge: () => boolean
}

export function holdAnswer(answers: Answers, head: AnswerHead, { maxBytes, whenLarger }: AnswerBody): AnswerHold {
  const chunks: Buffer[] = []
  let size = 0
  /** What has come in, as one piece once it was asked for. */
  const bytes = (): Buffer => {
    const [first] = chunks
    if (chunks.length === 1 && first !== undefined) return first
    const whole = Buffer.concat(chunks, size)
    chunks.splice(0, chunks.length, whole)
    return whole
  }
  let plain: PlainAnswer | null = null
  const read = (): PlainAnswer => {
    plain ??= decompressAnswer(bytes(), { encoding: encodingOf(head), maxBytes })
    return plain
  }
  return {
    head,
    bytes,
    add: (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      return size > maxBytes
    },
    judge: (inspection) => answers.inspectBody(inspection, head, read().bytes.subarray(0, maxBytes)),
    isTooLarge: () => whenLarger === 'refuse' && (size > maxBytes || read().isCut),
  }
}

function encodingOf({ rawHeaders }: AnswerHead): string {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-encoding')
      return rawHeaders[index + 1]?.trim().toLowerCase() ?? ''
  }
  return ''
}
