import type { Transformation } from './transformation.ts'

export const joinStrings: Transformation = {
  name: 'joinStrings',
  means: "Closes up string concatenation: `'ale'+'rt'`, `'ale' . 'rt'` and `'ale'||'rt'` become `'alert'`.",
  apply: (text) => text.replace(/(['"`])\s{0,8}(?:\+|\.|&|\|\|)\s{0,8}\1/g, ''),
  triggers: ["'", '"', '`'],
}
