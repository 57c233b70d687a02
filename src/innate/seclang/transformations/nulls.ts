import type { SecTransformation } from './sec-transformation.ts'

export const removeNulls: SecTransformation = {
  name: 'removeNulls',
  means: 'Removes null bytes.',
  apply: (text) => (text.includes('\0') ? text.replaceAll('\0', '') : text),
  triggers: ['\0'],
}

export const replaceNulls: SecTransformation = {
  name: 'replaceNulls',
  means: 'Turns null bytes into spaces.',
  apply: (text) => (text.includes('\0') ? text.replaceAll('\0', ' ') : text),
  triggers: ['\0'],
}
