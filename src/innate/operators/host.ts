import { type HostKind, hostKinds, kindsOfHost } from '../host-kinds.ts'
import type { OperatorCompiler, Span, Subject } from './operator.ts'
import { parseTexts } from './texts.ts'

/** What follows `scheme:` or stands at the start of the text: slashes, `user@`, host. Every repeat is bounded. */
const authority = /[\\/]{1,3}(?:[^\s/?#\\<>"']{0,64}@)?(\[[0-9a-f:.%]{2,64}\]|[^\s/?#\\:@<>"'[\]]{1,253})/y
const rootAuthority = /[\\/]{2}(?:[^\s/?#\\<>"']{0,64}@)?(\[[0-9a-f:.%]{2,64}\]|[^\s/?#\\:@<>"'[\]]{1,253})/y
const maxScheme = 16

type FoundHost = Span & { readonly kinds: readonly HostKind[] }

/** Several rules ask about the same text one after the other. */
let lastText = ''
let lastHosts: readonly FoundHost[] = []

/** Hosts of some kind after `scheme://user@`, or after `//` at the start, from left to right without overlap. */
export function hostsIn(text: string): readonly FoundHost[] {
  if (text === lastText) return lastHosts
  const hosts: FoundHost[] = []
  let end = noteHost(hosts, text, { pattern: rootAuthority, start: 0, at: 0 })
  for (let colon = text.indexOf(':', end); colon !== -1; colon = text.indexOf(':', Math.max(colon + 1, end))) {
    const start = schemeStart(text, end, colon)
    if (start !== -1) end = Math.max(end, noteHost(hosts, text, { pattern: authority, start, at: colon + 1 }))
  }
  lastText = text
  lastHosts = hosts
  return hosts
}

/** Adds the host at a place when it is of some kind; returns where it ends, 0 when there is none. */
function noteHost(hosts: FoundHost[], text: string, where: { pattern: RegExp; start: number; at: number }): number {
  const { pattern, start, at } = where
  const first = text.charCodeAt(at)
  if (first !== 47 && first !== 92) return 0
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null) return 0
  const kinds = kindsOfHost(match[1] ?? '')
  if (kinds.length > 0) hosts.push({ start, end: pattern.lastIndex, kinds })
  return pattern.lastIndex
}

/** Where the scheme before a colon begins, at `from` at the earliest: 2 to 16 characters, a letter first; -1 for none. */
function schemeStart(text: string, from: number, colon: number): number {
  let start = -1
  for (let at = colon - 1; at >= Math.max(from, colon - maxScheme); at -= 1) {
    const code = text.charCodeAt(at)
    const isLetter = code >= 97 && code <= 122
    if (!isLetter && !(code >= 48 && code <= 57) && code !== 43 && code !== 45 && code !== 46) break
    if (isLetter && at < colon - 1) start = at
  }
  return start
}

export const host: OperatorCompiler = {
  name: 'host',
  means: `The text holds a URL whose host is of one of these kinds, in any spelling of the address: ${hostKinds.join(', ')}.`,
  example: 'host: [loopback, metadata]',
  compile: (spec) => {
    const wanted = new Set<string>(parseTexts(spec))
    for (const kind of wanted) {
      if (!hostKinds.includes(kind as HostKind))
        throw new Error(`unknown kind ${kind}; known are ${hostKinds.join(', ')}`)
    }
    const find = (text: string): Span | null =>
      hostsIn(text).find(({ kinds }) => kinds.some((kind) => wanted.has(kind))) ?? null
    return {
      name: 'host',
      test: (subject: Subject) => find(subject.lower) !== null,
      locate: (subject: Subject) => find(subject.lower) ?? { start: 0, end: 0 },
      literals: [[':/', ':\\', '//', '\\\\', '/\\', '\\/']],
      isCheap: false,
    }
  },
}
