import type { Directive } from '../parse/read-directives.ts'
import { readActionUpdate, readRemoval, readTargetUpdate } from './amendments.ts'
import { parseEngineMode, parseSwitch } from './control.ts'
import type { ProgramDraft } from './draft.ts'
import { readDefaultAction } from './read-defaults.ts'
import { readSecAction, readSecRule } from './read-rules.ts'
import type { SettingsDraft } from './settings.ts'

/** How one directive is read. */
export type DirectiveEntry = {
  readonly name: string
  /** `refused` stops the load; `idle` is accepted and has no effect. */
  readonly kind: 'rule' | 'setting' | 'idle' | 'refused'
  /** For the table in docs/SECLANG.md. */
  readonly means: string
  readonly read: (directive: Directive, draft: ProgramDraft) => void
}

const rule = (name: string, means: string, read: DirectiveEntry['read']): DirectiveEntry => ({
  name,
  kind: 'rule',
  means,
  read,
})

/** One value. */
const setting = (
  name: string,
  means: string,
  apply: (settings: SettingsDraft, value: string) => void,
): DirectiveEntry => ({
  name,
  kind: 'setting',
  means,
  read: ({ words, written }, { settings }) => {
    const [word] = words
    if (word === undefined || words.length > 1) throw new Error(`${written} takes one value, found ${words.length}`)
    apply(settings, word.text)
  },
})

const idle = (name: string, why: string, isWorthSaying = false): DirectiveEntry => ({
  name,
  kind: 'idle',
  means: why,
  read: ({ words, written }, { notices }) => {
    if (words.length === 0) throw new Error(`${written} takes a value`)
    if (isWorthSaying) notices.add(`${name} has no effect: ${why}`)
  },
})

const refused = (name: string, why: string): DirectiveEntry => ({
  name,
  kind: 'refused',
  means: why,
  read: ({ written }) => {
    throw new Error(`${written} is not supported: ${why}`)
  },
})

const ruleDirectives: readonly DirectiveEntry[] = [
  rule('SecRule', 'A rule: variables, operator, actions.', readSecRule),
  rule('SecAction', 'A rule that always matches.', readSecAction),
  rule('SecMarker', 'Where `skipAfter` goes on, in every phase.', ({ words, written }, { steps }) => {
    const [word] = words
    if (word === undefined || word.text === '' || words.length > 1) throw new Error(`${written} takes one name`)
    steps.push({ kind: 'marker', name: word.text })
  }),
  rule('SecDefaultAction', 'What `block` does in a phase, with further actions of its rules.', readDefaultAction),
  rule('SecRuleRemoveById', 'Takes out rules by id or range.', readRemoval('id')),
  rule('SecRuleRemoveByTag', 'Takes out rules that have the tag.', readRemoval('tag')),
  rule('SecRuleRemoveByMsg', 'Takes out rules that have the message.', readRemoval('message')),
  rule('SecRuleUpdateTargetById', 'Adds or replaces targets of rules by id or range.', readTargetUpdate('id')),
  rule('SecRuleUpdateTargetByTag', 'Adds or replaces targets of rules that have the tag.', readTargetUpdate('tag')),
  rule(
    'SecRuleUpdateTargetByMsg',
    'Adds or replaces targets of rules that have the message.',
    readTargetUpdate('message'),
  ),
  rule('SecRuleUpdateActionById', 'Adds actions to rules by id; the last one counts.', readActionUpdate),
]

const settings: readonly DirectiveEntry[] = [
  setting('SecRuleEngine', 'On, Off or DetectionOnly. On when nothing is said.', (draft, value) => {
    draft.engine = parseEngineMode(value)
  }),
  setting('SecRequestBodyAccess', 'Whether request bodies are read. On when nothing is said.', (draft, value) => {
    draft.requestBodyAccess = parseSwitch(value)
  }),
  setting('SecRequestBodyLimit', 'Bytes of a request body.', (draft, value) => {
    draft.requestBodyLimit = parseNumber(value)
  }),
  setting('SecRequestBodyNoFilesLimit', 'Bytes of a request body without its files.', (draft, value) => {
    draft.requestBodyNoFilesLimit = parseNumber(value)
  }),
  setting('SecRequestBodyLimitAction', 'Reject or ProcessPartial.', (draft, value) => {
    draft.requestBodyLimitAction = parseLimitAction(value)
  }),
  setting('SecRequestBodyJsonDepthLimit', 'How deep JSON may be nested.', (draft, value) => {
    draft.jsonDepthLimit = parseNumber(value)
  }),
  setting(
    'SecArgumentsLimit',
    'How many arguments are read, 65,536 unless given (ModSecurity: 1,000); a request with more is refused, as no rule has seen the rest.',
    (draft, value) => {
      draft.argumentsLimit = parseNumber(value)
    },
  ),
  setting('SecResponseBodyAccess', 'Whether response bodies are read. Off when nothing is said.', (draft, value) => {
    draft.responseBodyAccess = parseSwitch(value)
  }),
  setting('SecResponseBodyLimit', 'Bytes of a response body.', (draft, value) => {
    draft.responseBodyLimit = parseNumber(value)
  }),
  setting('SecResponseBodyLimitAction', 'Reject or ProcessPartial.', (draft, value) => {
    draft.responseBodyLimitAction = parseLimitAction(value)
  }),
  {
    name: 'SecResponseBodyMimeType',
    kind: 'setting',
    means: 'Content types of response bodies that are read, besides those named before.',
    read: ({ words, written }, { settings: draft }) => {
      if (words.length === 0) throw new Error(`${written} takes content types`)
      const types = words.flatMap(({ text }) => text.toLowerCase().split(/\s+/)).filter((type) => type !== '')
      draft.responseBodyMimeTypes = [...new Set([...draft.responseBodyMimeTypes, ...types])]
    },
  },
  {
    name: 'SecResponseBodyMimeTypesClear',
    kind: 'setting',
    means: 'Forgets the content types named so far.',
    read: (_directive, { settings: draft }) => {
      draft.responseBodyMimeTypes = []
    },
  },
  setting('SecArgumentSeparator', 'One character between the arguments of a form.', (draft, value) => {
    if (value.length !== 1) throw new Error(`expected one character, found \`${value}\``)
    draft.argumentSeparator = value
  }),
  setting('SecCookieFormat', '0: Netscape cookies; 1: cookies of version 1.', (draft, value) => {
    if (value !== '0' && value !== '1') throw new Error(`expected 0 or 1, found \`${value}\``)
    draft.cookieFormat = value === '1' ? 1 : 0
  }),
  setting('SecCollectionTimeout', 'Seconds a bound store lives without a change.', (draft, value) => {
    draft.collectionTimeoutSeconds = parseNumber(value)
  }),
  setting('SecWebAppId', 'What WEBAPPID holds.', (draft, value) => {
    draft.webAppId = value
  }),
  setting('SecSensorId', 'Name of this sensor.', (draft, value) => {
    draft.sensorId = value
  }),
]

const ownLog = 'Thymus keeps one audit log of its own.'
const noFiles = 'uploaded files are never written to disk.'
const linear = 'patterns run in linear time, so there is nothing to stop.'
const noLookups = 'nothing waits for the network or a database while a request is inspected.'
const noSigning = 'links are not signed.'
const ownServer = 'connections are guarded by the listener.'

const idleDirectives: readonly DirectiveEntry[] = [
  ...[
    'SecAuditEngine',
    'SecAuditLog',
    'SecAuditLog2',
    'SecAuditLogDirMode',
    'SecAuditLogFileMode',
    'SecAuditLogFormat',
  ].map((name) => idle(name, ownLog)),
  ...[
    'SecAuditLogParts',
    'SecAuditLogPrefix',
    'SecAuditLogRelevantStatus',
    'SecAuditLogStorageDir',
    'SecAuditLogType',
  ].map((name) => idle(name, ownLog)),
  idle('SecGuardianLog', ownLog),
  idle('SecDebugLog', 'there is no debug log.'),
  idle('SecDebugLogLevel', 'there is no debug log.'),
  idle('SecRulePerfTime', 'there is no debug log.'),
  idle('SecComponentSignature', 'it is a note about the rule set.'),
  idle('SecServerSignature', 'answers are not rewritten.', true),
  idle('SecStatusEngine', 'nothing is reported to anybody.'),
  idle('SecDataDir', 'stores live in memory.'),
  idle('SecTmpDir', noFiles),
  idle('SecTmpSaveUploadedFiles', noFiles),
  idle('SecUploadDir', noFiles),
  idle('SecUploadFileLimit', noFiles),
  idle('SecUploadFileMode', noFiles),
  idle('SecUploadKeepFiles', noFiles, true),
  idle('SecRequestBodyInMemoryLimit', 'bodies are held in memory, up to the cap of Thymus.'),
  idle('SecPcreMatchLimit', linear),
  idle('SecPcreMatchLimitRecursion', linear),
  idle('SecXmlExternalEntity', 'external entities are never loaded.'),
  idle('SecGeoLookupDb', noLookups, true),
  idle('SecGsbLookupDb', noLookups, true),
  idle('SecHttpBlKey', noLookups, true),
  idle('SecHashEngine', noSigning, true),
  idle('SecHashKey', noSigning),
  idle('SecHashParam', noSigning),
  idle('SecHashMethodRx', noSigning),
  idle('SecHashMethodPm', noSigning),
  idle('SecConnEngine', ownServer, true),
  idle('SecConnReadStateLimit', ownServer, true),
  idle('SecConnWriteStateLimit', ownServer, true),
  idle('SecReadStateLimit', ownServer, true),
  idle('SecWriteStateLimit', ownServer, true),
  idle('SecCacheTransformations', 'it tunes ModSecurity 2.'),
  idle('SecChrootDir', 'it belongs to Apache.', true),
  idle('SecDisableBackendCompression', 'set it on the gateway.', true),
  idle('SecInterceptOnError', 'a fault follows `onFault` of the innate layer.', true),
  idle('SecRuleInheritance', 'there is one program for all routes.', true),
  idle('SecStreamInBodyInspection', 'STREAM_INPUT_BODY is not supported.'),
  idle('SecStreamOutBodyInspection', 'STREAM_OUTPUT_BODY is not supported.'),
  idle('SecContentInjection', 'bodies are not rewritten.', true),
  idle('SecCookieV0Separator', 'cookies are separated by semicolons.', true),
  idle('SecRemoteRulesFailAction', 'rules are never loaded over the network.'),
]

const unicodeMap: DirectiveEntry = {
  name: 'SecUnicodeMapFile',
  kind: 'setting',
  means: 'A file and the number of a code page in it: the bytes that t:urlDecodeUni takes for %uHHHH.',
  read: ({ words, written, at }, draft) => {
    const page = words[1]?.text ?? ''
    if (words.length !== 2 || !/^\d{1,6}$/.test(page))
      throw new Error(`${written} takes a file and the number of a code page`)
    draft.unicodeMap = { at, file: words[0]?.text ?? '', page: Number(page) }
  },
}

const refusedDirectives: readonly DirectiveEntry[] = [
  refused('SecRuleScript', 'no scripts are run'),
  refused('SecRemoteRules', 'rules are never loaded over the network'),
  {
    name: 'SecParseXmlIntoArgs',
    kind: 'refused',
    means: 'values of an XML body are looked at with the variable XML',
    read: ({ words, written }) => {
      if (words.length === 1 && words[0]?.text.toLowerCase() === 'off') return
      throw new Error(`${written} is not supported: values of an XML body are looked at with the variable XML`)
    },
  },
]

/** By lower-case name. `Include` and `IncludeOptional` are followed while files are read. */
export const directiveTable: ReadonlyMap<string, DirectiveEntry> = new Map(
  [...ruleDirectives, ...settings, unicodeMap, ...idleDirectives, ...refusedDirectives].map((entry) => [
    entry.name.toLowerCase(),
    entry,
  ]),
)

function parseNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Error(`expected a number, found \`${text}\``)
  return Number(text)
}

function parseLimitAction(text: string): SettingsDraft['requestBodyLimitAction'] {
  const action = text.toLowerCase()
  if (action !== 'reject' && action !== 'processpartial') {
    throw new Error(`expected Reject or ProcessPartial, found \`${text}\``)
  }
  return action === 'reject' ? 'reject' : 'process-partial'
}
