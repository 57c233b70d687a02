import type { RequestView } from '../../../request/request-view.ts'
import type { ProgramSettings } from '../program.ts'
import { rawRequestBody } from './known-variables.ts'
import { createMessageState, keepResponseBody, type MessageState, readBodyInto, responseOf } from './message-state.ts'
import type { Member, MessageVariables } from './message-variables.ts'
import { allBytesReader, type VariableReader, variableReaders } from './variable-readers.ts'
import { compileXPath, type XPath } from './xpath.ts'

/** Reader and place in the cache of each variable. */
const places: ReadonlyMap<string, { readonly place: number; readonly read: VariableReader }> = new Map(
  [...variableReaders, [rawRequestBody, allBytesReader] as const].map(([name, read], place) => [name, { place, read }]),
)

const none: readonly Member[] = []

/** The variables of one request. What is asked for is worked out once; nothing in a message makes this fail. */
export function createMessageVariables(view: RequestView, settings: ProgramSettings): MessageVariables {
  const state = createMessageState(view, settings)
  const cache: (readonly Member[] | undefined)[] = new Array(places.size).fill(undefined)
  const selected = new Map<string, readonly Member[]>()
  const forget = (): void => {
    cache.fill(undefined)
    selected.clear()
  }
  return {
    members: (name) => {
      const known = places.get(name)
      if (known === undefined) return none
      const cached = cache[known.place]
      if (cached !== undefined) return cached
      const members = known.read(state)
      cache[known.place] = members
      return members
    },
    xml: (path) => {
      const cached = selected.get(path)
      if (cached !== undefined) return cached
      const members = selectXml(state, path)
      selected.set(path, members)
      return members
    },
    readBody: ({ processor, isForced }) => {
      state.isBodyForced = isForced
      readBodyInto(state, processor)
      forget()
    },
    isCutShort: () => state.body?.isCutShort === true,
    setResponseHead: (status, rawHeaders, protocol) => {
      state.response = responseOf(status, rawHeaders, protocol)
      forget()
    },
    setResponseBody: (body) => {
      if (state.response === null) return
      keepResponseBody(state.response, body, settings)
      forget()
    },
  }
}

/** Paths come from rules, so there are few; a rule whose path does not compile does not load. */
const compiled = new Map<string, XPath>()
const maxCompiled = 1_000

function selectXml(state: MessageState, path: string): readonly Member[] {
  const document = state.body?.xml ?? null
  if (document === null) return none
  let xpath = compiled.get(path)
  if (xpath === undefined) {
    xpath = compileXPath(path)
    if (compiled.size < maxCompiled) compiled.set(path, xpath)
  }
  return xpath.select(document).map((value) => ({ key: path, value }))
}
