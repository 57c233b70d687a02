/**
 * Held-out variants of one payload, as an attacker or a tool would write them again. Nothing is shared with the clones
 * of `src/adaptive/clonal`: those fold what they mutate into a few spellings from tables of their own and draw one
 * change at a time in the canonical text; these are written on the wire, several changes at once, from other tables
 * (names and hosts are made up letter by letter, encodings are applied before the request is read, synonyms include
 * words that no table of the engine holds).
 */
import type { Random } from '../../src/core/random.ts'

type Change = (text: string, random: Random) => string

const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T
const made = (length: number, random: Random): string =>
  Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(random() * 26)]).join('')

/** Words that do something in some language: a made-up name may not stand in their place. */
const working = new Set(
  `select union all from where and or not like between in is null order by group having limit offset insert into values update set delete drop table
  exec execute declare waitfor delay sleep benchmark pg_sleep concat char chr ascii substring version user database information_schema tables columns
  script img svg iframe body input video audio object embed style link meta base form button div onerror onload onclick onfocus src href javascript
  alert confirm prompt eval document cookie window location fetch string fromcharcode function etc passwd shadow hosts windows win ini system32 boot
  cat id whoami ls dir ping curl wget bash sh cmd exe bin echo uname type netstat ifconfig nslookup jndi ldap rmi dns http https lower upper env file
  doctype entity system public xml version encoding utf php java lang runtime getruntime config class mro subclasses globals import os popen read
  case when then else end if count sum cast convert as distinct top outfile dumpfile load_file extractvalue updatexml xp_cmdshell proc var usr root`.split(
    /\s+/,
  ),
)

const synonyms: readonly (readonly string[])[] = [
  ['alert', 'confirm', 'prompt', 'print', 'console.log'],
  ['onerror', 'onload', 'onfocus', 'onmouseover', 'ontoggle', 'onpointerenter', 'onclick', 'onanimationstart'],
  ['cat', 'tac', 'more', 'head', 'tail', 'less', 'nl', 'base64', 'rev'],
  ['whoami', 'id', 'uname', 'pwd', 'hostname', 'w'],
  ['curl', 'wget', 'lynx', 'fetch'],
  ['passwd', 'shadow', 'hosts', 'group', 'issue', 'crontab'],
  ['ldap', 'rmi', 'dns', 'ldaps', 'iiop'],
  ['version', 'user', 'database', 'current_user', 'schema'],
  ['sleep', 'pg_sleep', 'sleep_for'],
  ['users', 'accounts', 'members', 'staff'],
  ['document.cookie', 'document.domain', 'location.href', 'localStorage'],
  ['bash', 'sh', 'dash', 'zsh'],
]

const wordCase: Change = (text, random) => {
  const style = random()
  if (style < 0.35) return text.toUpperCase()
  if (style < 0.5) return text.toLowerCase()
  return text.replace(/[a-z]+/gi, (word) =>
    [...word].map((c) => (random() < 0.5 ? c.toUpperCase() : c.toLowerCase())).join(''),
  )
}
const numbers: Change = (text, random) =>
  text.replace(/(?<![\w%&#])\d{1,9}(?!\w)/g, () => String(Math.floor(random() * 10 ** (1 + Math.floor(random() * 5)))))
const names: Change = (text, random) => {
  const given = new Map<string, string>()
  return text.replace(/(?<![\w&#%\\])[a-z][a-z0-9_]{2,}/gi, (word) => {
    if (working.has(word.toLowerCase()) || /^on[a-z]{3,}/i.test(word)) return word
    const known = given.get(word) ?? made(3 + Math.floor(random() * 8), random)
    given.set(word, known)
    return known
  })
}
const gaps = ['/**/', '%09', '%0a', '%0b', '  ', '/*x*/', '%0d%0a', '+', '%20%20', '/*!*/']
const blanks: Change = (text, random) => {
  const gap = pick(gaps, random)
  return text.replace(/ /g, () => (random() < 0.8 ? gap : ' '))
}
const quotes: Change = (text) => text.replace(/['"]/g, (mark) => (mark === "'" ? '"' : "'"))
const words: Change = (text, random) => {
  let changed = text
  for (const group of synonyms) {
    const expression = new RegExp(
      `(?<![\\w.])(${group.map((word) => word.replace('.', '\\.')).join('|')})(?!\\w)`,
      'gi',
    )
    const chosen = pick(group, random)
    changed = changed.replace(expression, () => chosen)
  }
  return changed
}
const tails: Change = (text, random) =>
  text.replace(/(--|#)\s*\w*\s*$/, () => pick(['-- ', '--+', '#', `-- ${made(4, random)}`, '--%20'], random))
const depth: Change = (text, random) => {
  const step = /((?:\.\.|%2e%2e|%c0%ae%c0%ae|\.\.\.\.\/)[\\/]+|\.\.%2f|\.\.%5c){2,}/i.exec(text)
  if (step === null) return text
  const one = step[1] as string
  return text.replace(step[0], one.repeat(2 + Math.floor(random() * 10)))
}
const around: Change = (text, random) => {
  const style = random()
  if (style < 0.4) return `${made(3 + Math.floor(random() * 8), random)}${random() < 0.5 ? ' ' : ''}${text}`
  if (style < 0.7) return `${text} ${made(6, random)}`
  return `${Array.from({ length: 30 }, () => made(3 + Math.floor(random() * 6), random)).join(' ')} ${text}`
}
const wire: Change = (text, random) => {
  const style = random()
  const hex = (c: string): string =>
    [...Buffer.from(c)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  if (style < 0.3) return text.replace(/[^a-z0-9%]/gi, hex)
  if (style < 0.45) return text.replace(/[^%]/g, (c) => (random() < 0.5 ? hex(c) : c))
  if (style < 0.6) return text.replace(/[^a-z0-9%]/gi, (c) => hex(c).replaceAll('%', '%25'))
  if (style < 0.75) return text.replace(/[<>"'()]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`)
  if (style < 0.9) return text.replace(/[<>"'()/]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)
  return text.replace(/[<>"'();]/g, (c) => `%u00${c.charCodeAt(0).toString(16)}`)
}

/** Changes by name, so that the report can tell them apart. */
export const changes: Readonly<Record<string, Change>> = {
  wordCase,
  numbers,
  names,
  blanks,
  quotes,
  words,
  tails,
  depth,
  around,
  wire,
}

const inner = [wordCase, numbers, names, blanks, quotes, words, tails, depth]

/** Two to four changes of what is said, sometimes harmless text around it, often another spelling on the wire. */
export function variantOf(payload: string, random: Random): string {
  let text = payload
  const count = 2 + Math.floor(random() * 3)
  for (let index = 0; index < count; index += 1) text = pick(inner, random)(text, random)
  if (random() < 0.25) text = around(text, random)
  return random() < 0.4 ? wire(text, random) : text
}

/** Variants that differ from the payload and from each other. */
export function variantsOf(payload: string, count: number, random: Random): readonly string[] {
  const found = new Set<string>()
  for (let tries = 0; tries < count * 8 && found.size < count; tries += 1) found.add(variantOf(payload, random))
  found.delete(payload)
  return [...found].slice(0, count)
}
