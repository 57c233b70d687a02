import { rewriteComments } from './sql-comments.ts'
import type { Transformation } from './transformation.ts'

export const removeComments: Transformation = {
  name: 'removeComments',
  means: 'Removes block comments, so that words split by them close up.',
  apply: (text) => (text.includes('/*') ? rewriteComments(text, '') : text),
  triggers: ['/*'],
}
