/** The types that a value can look like, most specific first (the type lattice of the adaptive layer). */
export const valueTypes = [
  'empty',
  'boolean',
  'integer',
  'decimal',
  'uuid',
  'hex',
  'date',
  'time',
  'email',
  'address',
  'url',
  'path',
  'jwt',
  'base64',
  'slug',
  'word',
  'phrase',
  'text',
  'structure',
  'other',
] as const
export type ValueType = (typeof valueTypes)[number]

const forms: readonly (readonly [ValueType, RegExp])[] = [
  ['boolean', /^(?:true|false|null|yes|no|on|off)$/i],
  ['integer', /^-?\d{1,20}$/],
  ['decimal', /^-?\d{1,20}[.,]\d{1,20}(?:[eE][+-]?\d{1,3})?$/],
  ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i],
  ['hex', /^(?=[0-9a-f]*\d)[0-9a-f]{8,}$/i],
  ['date', /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]{4,15}(?:Z|[+-]\d{2}:?\d{2})?)?$/],
  ['time', /^\d{1,2}:\d{2}(?::\d{2})?$/],
  ['email', /^[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}$/],
  ['address', /^(?:\d{1,3}\.){3}\d{1,3}$/],
  ['url', /^[a-z][a-z\d+.-]{1,15}:\/\/[^\s<>"']+$/i],
  ['path', /^\/?(?:[\w.~-]+\/)+[\w.~-]*$/],
  ['jwt', /^(?:Bearer )?eyJ[\w-]+\.[\w-]+\.[\w-]*$/],
  ['slug', /^[a-z\d]+(?:[-_.][a-z\d]+)+$/i],
  ['word', /^[\p{L}\d]+$/u],
  ['base64', /^[A-Za-z\d+/_-]{16,}={0,2}$/],
  ['structure', /^[{[][\s\S]*[}\]]$/],
  ['phrase', /^[\p{L}\p{M}\d]+(?:[ ,.'’!?:&+-]{1,3}[\p{L}\p{M}\d]+)*[.!?]?$/u],
]

const longestTyped = 512

/** Number of the most specific type that a value has; an index into `valueTypes`. Linear in the first 512 characters. */
export function valueTypeOf(value: string): number {
  if (value === '') return 0
  const head = value.length > longestTyped ? value.slice(0, longestTyped) : value
  for (const [type, form] of forms) if (form.test(head)) return valueTypes.indexOf(type)
  return valueTypes.indexOf(head.includes(' ') ? 'text' : 'other')
}
