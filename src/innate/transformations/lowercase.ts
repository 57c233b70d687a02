import type { Transformation } from './transformation.ts'

export const lowercase: Transformation = {
  name: 'lowercase',
  means: 'Turns letters to lower case. Only `rxExact` needs it; all other operators ignore case.',
  apply: (text) => text.toLowerCase(),
  triggers: [],
}
