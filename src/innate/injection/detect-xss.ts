/**
 * Cross-site scripting by what a browser would make of a text, wherever a page may put it: between tags, in a tag, in a
 * value with or without quotes. Time is linear: at most five passes, each reads a byte once.
 */
import type { Work } from '../operators/operator.ts'
import { type AttributeDanger, attributeDanger, isDangerousComment, isDangerousTag } from './html-dangers.ts'
import type { HtmlContext, HtmlScan } from './html-tokenizer.ts'
import { createHtmlScan, nextHtmlPiece, startHtmlScan } from './html-tokenizer.ts'
import { isScriptAddress } from './script-address.ts'

/** What decided, for people. */
export type XssExplanation =
  | { readonly isXss: false }
  | { readonly isXss: true; readonly context: HtmlContext; readonly why: string; readonly text: string }

const scan = createHtmlScan()
/** Of a text with neither sign no browser makes a tag, nor an attribute with a value. */
const mayMatter = (text: string): boolean => text.includes('<') || text.includes('=')

/** Judges a byte string. Books the bytes read, all passes together, where `work` is given. */
export function detectXss(text: string, work?: Work): boolean {
  if (work !== undefined) work.spent += 1
  return mayMatter(text) && findDanger(text, work) !== null
}

/** The verdict with the place and the piece that decided. */
export function explainXss(text: string): XssExplanation {
  const found = mayMatter(text) ? findDanger(text, undefined) : null
  if (found === null) return { isXss: false }
  return { isXss: true, context: found.context, why: found.why, text: text.slice(scan.start, scan.end) }
}

type Danger = { readonly context: HtmlContext; readonly why: string }

function findDanger(text: string, work: Work | undefined): Danger | null {
  for (const [context, needs] of contexts) {
    if (needs !== '' && !text.includes(needs)) continue
    const why = dangerIn(text, context, work)
    if (why !== '') return { context, why }
  }
  return null
}

/** With the character without which the text says nothing there. */
const contexts: readonly (readonly [HtmlContext, string])[] = [
  ['data', '<'],
  ['unquoted', ''],
  ['single-quoted', "'"],
  ['double-quoted', '"'],
  ['back-quoted', '`'],
]

function dangerIn(text: string, context: HtmlContext, work: Work | undefined): string {
  startHtmlScan(scan, text, context)
  let danger: AttributeDanger = 'none'
  let from = 0
  let why = ''
  while (why === '' && nextHtmlPiece(scan)) {
    why = scan.piece === 'value' ? judgeValue(scan, danger) : judgePiece(scan)
    danger = scan.piece === 'attribute' ? attributeDanger(text, scan.start, scan.end) : 'none'
    if (work !== undefined) work.spent += scan.at - from
    from = scan.at
  }
  if (work !== undefined) work.spent += scan.at - from
  return why
}

function judgePiece({ text, piece, start, end }: HtmlScan): string {
  if (piece === 'doctype') return 'a document type'
  if (piece === 'tag' && isDangerousTag(text, start, end)) return 'a tag that runs or loads script'
  if (piece === 'comment' && isDangerousComment(text, start, end)) return 'a comment that browsers read'
  return ''
}

function judgeValue({ text, start, end }: HtmlScan, danger: AttributeDanger): string {
  switch (danger) {
    case 'none':
      return ''
    case 'script':
      return 'an attribute that holds script'
    case 'style':
      return 'style'
    case 'address':
      return isScriptAddress(text, start, end) ? 'an address that runs script' : ''
    case 'name':
      return attributeDanger(text, start, end) === 'none' ? '' : 'an attribute that another one names'
  }
}
