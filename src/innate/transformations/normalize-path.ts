import type { Transformation } from './transformation.ts'

export const normalizePath: Transformation = {
  name: 'normalizePath',
  means: 'Turns backslashes into slashes, then removes doubled slashes and `/./`.',
  apply: (text) => text.replaceAll('\\', '/').replace(/\/(?:\.?\/)+/g, '/'),
  triggers: ['\\', '//', '/./'],
}
