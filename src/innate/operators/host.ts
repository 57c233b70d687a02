import { type HostKind, hostKinds, kindsOfHost } from '../host-kinds.ts'
import type { OperatorCompiler, Span, Subject } from './operator.ts'
import { parseTexts } from './texts.ts'

/** `scheme://user@host`, or `//host` at the start; the host is what counts. Every repeat is bounded, so time is linear. */
const authority =
  /(?:[a-z][a-z0-9+.-]{1,15}:[\\/]{1,3}|^[\\/]{2})(?:[^\s/?#\\<>"']{0,64}@)?(\[[0-9a-f:.%]{2,64}\]|[^\s/?#\\:@<>"'[\]]{1,253})/g

type FoundHost = Span & { readonly kinds: readonly HostKind[] }

/** Several rules ask about the same text one after the other. */
let lastText = ''
let lastHosts: readonly FoundHost[] = []

/** Hosts that are of some kind. */
function hostsIn(text: string): readonly FoundHost[] {
  if (text === lastText) return lastHosts
  const hosts: FoundHost[] = []
  for (const match of text.matchAll(authority)) {
    const kinds = kindsOfHost(match[1] ?? '')
    if (kinds.length > 0) hosts.push({ start: match.index, end: match.index + match[0].length, kinds })
  }
  lastText = text
  lastHosts = hosts
  return hosts
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
