import { classCount, classNames } from './character-classes.ts'

/** How many different chunks there are: three classes in a row. */
export const chunkCount: number = classCount ** 3

/** Plain description of a chunk: `letter-quote-blank`. */
export function describeChunk(chunk: number): string {
  const first = Math.floor(chunk / classCount ** 2)
  const second = Math.floor(chunk / classCount) % classCount
  return [first, second, chunk % classCount].map((index) => classNames[index] ?? '?').join('-')
}
