import type { AnswerBody, AnswerHead, Answers, Inspection } from '../engine/engine.ts'
import { decompressAnswer } from '../http/decompress.ts'

/** An answer that is held back until its body, or the beginning of it, has been judged. */
export type AnswerHold = {
  readonly head: AnswerHead
  /** Takes a piece; true once there is enough to judge. */
  readonly add: (chunk: Buffer) => boolean
  readonly bytes: () => Buffer
  readonly judge: (inspection: Inspection) => Inspection
  /** More came in than may be, and what is larger is to be refused. */
  readonly isTooLarge: () => boolean
}

export function holdAnswer(answers: Answers, head: AnswerHead, { maxBytes, whenLarger }: AnswerBody): AnswerHold {
  const chunks: Buffer[] = []
  let size = 0
  const bytes = (): Buffer => (chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size))
  return {
    head,
    bytes,
    add: (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      return size > maxBytes
    },
    judge: (inspection) => {
      const seen = decompressAnswer(bytes(), { encoding: encodingOf(head), maxBytes })
      return answers.inspectBody(inspection, head, seen.subarray(0, maxBytes))
    },
    isTooLarge: () => size > maxBytes && whenLarger === 'refuse',
  }
}

function encodingOf({ rawHeaders }: AnswerHead): string {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'content-encoding')
      return rawHeaders[index + 1]?.trim().toLowerCase() ?? ''
  }
  return ''
}
