import { createHash } from 'node:crypto'
import type { SecTransformation } from './sec-transformation.ts'

function digest(algorithm: 'md5' | 'sha1', text: string): string {
  return createHash(algorithm).update(text, 'latin1').digest().toString('latin1')
}

export const md5: SecTransformation = {
  name: 'md5',
  means: 'The MD5 digest, 16 raw bytes; usually followed by hexEncode.',
  apply: (text) => digest('md5', text),
  triggers: [],
}

export const sha1: SecTransformation = {
  name: 'sha1',
  means: 'The SHA-1 digest, 20 raw bytes; usually followed by hexEncode.',
  apply: (text) => digest('sha1', text),
  triggers: [],
}

export const length: SecTransformation = {
  name: 'length',
  means: 'How many bytes the text has, as a decimal number.',
  apply: (text) => {
    const count = String(text.length)
    return count === text ? text : count
  },
  triggers: [],
}
