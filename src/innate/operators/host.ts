import { type HostKind, hostKinds, kindsOfHost } from '../host-kinds.ts'
import type { OperatorCompiler, Span, Subject } from './operator.ts'
import { parseTexts } from './texts.ts'

/** `scheme://user@host`, or `//host` at the start; the host is what counts. Every repeat is bounded, so time is linear. */
const authority =
  /(?:[a-z][a-z0-9+.-]{1,15}:[\\/]{1,3}|^[\\/]{2})(?:[^\s/?#\\<>"']{0,64}@)?(\[[0-9a-f:.%]{2,64}\]|[^\s/?#\\:@<>"'[\]]{1,253})/g

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
    const find = (text: string): Span | null => {
      for (const match of text.matchAll(authority)) {
        if (kindsOfHost(match[1] ?? '').some((kind) => wanted.has(kind))) {
          return { start: match.index, end: match.index + match[0].length }
        }
      }
      return null
    }
    return {
      name: 'host',
      test: (subject: Subject) => find(subject.lower) !== null,
      locate: (subject: Subject) => find(subject.lower) ?? { start: 0, end: 0 },
      literals: [':/', ':\\', '//', '\\\\', '/\\', '\\/'],
      isCheap: false,
    }
  },
}
