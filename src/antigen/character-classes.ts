/**
 * The coarse alphabet over which self is learned: 19 classes of characters and two marks. Runs of letters, digits,
 * blanks and non-ASCII characters count once, so that words of any length look alike and what joins them does not.
 */
export const classNames = [
  'start',
  'end',
  'letter',
  'digit',
  'blank',
  'mark',
  'slash',
  'backslash',
  'quote',
  'angle',
  'parenthesis',
  'bracket',
  'separator',
  'sigil',
  'equals',
  'percent',
  'star',
  'punctuation',
  'line-end',
  'control',
  'non-ascii',
] as const

export type ClassName = (typeof classNames)[number]

export const classCount = classNames.length
export const startClass = 0
export const endClass = 1

const members: Partial<Record<ClassName, string>> = {
  mark: '._-~',
  slash: '/',
  backslash: '\\',
  quote: '\'"`',
  angle: '<>',
  parenthesis: '()',
  bracket: '{}[]',
  separator: ';|&',
  sigil: '$#!^',
  equals: '=',
  percent: '%',
  star: '*+',
  punctuation: ',:@?',
  'line-end': '\r\n',
}

const indexOf = (name: ClassName): number => classNames.indexOf(name)

/** Class number by character code below 256; everything above is `non-ascii`. */
export const classOf: Uint8Array = new Uint8Array(256)
for (let code = 0; code < 256; code += 1) classOf[code] = classify(String.fromCharCode(code), code)

function classify(character: string, code: number): number {
  for (const [name, characters] of Object.entries(members)) {
    if (characters.includes(character)) return indexOf(name as ClassName)
  }
  if (/[A-Za-z]/.test(character)) return indexOf('letter')
  if (/\d/.test(character)) return indexOf('digit')
  if (character === ' ' || character === '\t' || code === 0xa0) return indexOf('blank')
  return code < 0x80 ? indexOf('control') : indexOf('non-ascii')
}

export const nonAsciiClass: number = indexOf('non-ascii')

/** 1 for classes whose runs count once. */
export const isCollapsed: Uint8Array = Uint8Array.from(classNames, (name) =>
  name === 'letter' || name === 'digit' || name === 'blank' || name === 'non-ascii' ? 1 : 0,
)
