import { newline, word } from './character-sets.ts'
import { choice, type PatternNode, sequence } from './pattern-node.ts'
import { besideOther, outside } from './ranges.ts'

/** Places that patterns name, told by what is before and after them. */
export type PatternPlaces = {
  readonly begin: PatternNode
  readonly end: PatternNode
  readonly lineBegin: PatternNode
  readonly lineEnd: PatternNode
  /** At the end, or before a newline that ends the text. */
  readonly lastLineEnd: PatternNode
  readonly wordEdge: PatternNode
  readonly noWordEdge: PatternNode
}

export const bytePlaces = createPlaces(0xff, true)
export const textPlaces = createPlaces(0x10ffff, false)

function createPlaces(lastCode: number, isPcre: boolean): PatternPlaces {
  const begin: PatternNode = { kind: 'before', ranges: [outside, outside] }
  const end: PatternNode = { kind: 'after', ranges: [outside, outside] }
  const wordBefore: PatternNode = { kind: 'before', ranges: word }
  const wordAfter: PatternNode = { kind: 'after', ranges: word }
  const otherBefore: PatternNode = { kind: 'before', ranges: besideOther(word, lastCode) }
  const otherAfter: PatternNode = { kind: 'after', ranges: besideOther(word, lastCode) }
  const afterNewline: PatternNode = { kind: 'before', ranges: newline }
  const afterInnerNewline = sequence([afterNewline, { kind: 'after', ranges: [0, lastCode] }])
  const lastNewline: PatternNode = {
    kind: 'repeat',
    part: { kind: 'set', ranges: newline },
    min: 0,
    max: 1,
    isLazy: false,
  }
  return {
    begin,
    end,
    // Perl and PCRE do not take the end of a text for the beginning of a line; RE2 does.
    lineBegin: choice([begin, isPcre ? afterInnerNewline : afterNewline]),
    lineEnd: { kind: 'after', ranges: [...newline, outside, outside] },
    lastLineEnd: { kind: 'look', isAhead: true, isNegated: false, part: sequence([lastNewline, end]) },
    wordEdge: choice([sequence([wordBefore, otherAfter]), sequence([otherBefore, wordAfter])]),
    noWordEdge: choice([sequence([wordBefore, wordAfter]), sequence([otherBefore, otherAfter])]),
  }
}
