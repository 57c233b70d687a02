import type { Transformation } from './transformation.ts'

export const removeTags: Transformation = {
  name: 'removeTags',
  means: 'Removes elements such as `<b>` and `</x>`, so that words split by them close up.',
  apply: (text) => (text.includes('<') ? text.replace(/<\/?[a-z][^<>]{0,40}>/gi, '') : text),
  triggers: ['<'],
}
