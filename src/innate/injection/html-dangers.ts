/** What of HTML runs script, or loads what does. */

/** How the value of an attribute is judged: not at all, always bad, by its scheme, as style, as the name of another. */
export type AttributeDanger = 'none' | 'script' | 'address' | 'style' | 'name'

/** Elements that run script, load it, or change how addresses of the page are read. */
const tags = new Set(
  (
    'applet base comment embed frame frameset handler iframe import isindex link listener meta noscript object ' +
    'script style vmlframe xml xss'
  ).split(' '),
)

const attributes = new Map<string, AttributeDanger>([
  ...'action background by dynsrc folder formaction from handler href lowsrc poster src to values xlink:href'
    .split(' ')
    .map((name): [string, AttributeDanger] => [name, 'address']),
  ...'dataformatas datasrc'.split(' ').map((name): [string, AttributeDanger] => [name, 'script']),
  ...'style filter'.split(' ').map((name): [string, AttributeDanger] => [name, 'style']),
  ['attributename', 'name'],
])

const longestName = 16

/** The name without NUL, which old browsers skip, in lower case; '' when it is too long to be any of ours. */
function plainName(text: string, start: number, end: number): string {
  let name = ''
  for (let at = start; at < end; at += 1) {
    if (text.charCodeAt(at) === 0) continue
    if (name.length === longestName) return ''
    name += text.charAt(at)
  }
  return name.toLowerCase()
}

/** Tags by name; every name that starts with `svg` or `xsl` counts. */
export function isDangerousTag(text: string, start: number, end: number): boolean {
  if (end - start < 3) return false
  const head = text.slice(start, start + 3).toLowerCase()
  return head === 'svg' || head === 'xsl' || tags.has(plainName(text, start, end))
}

/** Attributes by name; every name of five letters or more that starts with `on` is a handler. */
export function attributeDanger(text: string, start: number, end: number): AttributeDanger {
  const length = end - start
  if (length < 2) return 'none'
  if (length >= 5) {
    const head = text.slice(start, start + 5).toLowerCase()
    if (head.startsWith('on') || head === 'xmlns' || head === 'xlink') return 'script'
  }
  return attributes.get(plainName(text, start, end)) ?? 'none'
}

/** Comments that old browsers read: conditions, processing instructions, back-quotes. */
export function isDangerousComment(text: string, start: number, end: number): boolean {
  if (text.slice(start, end).includes('`')) return true
  const head = text.slice(start, Math.min(end, start + 6)).toLowerCase()
  if (end - start > 3 && (head.startsWith('[if') || head.startsWith('xml'))) return true
  return end - start > 5 && (head === 'import' || head === 'entity')
}
