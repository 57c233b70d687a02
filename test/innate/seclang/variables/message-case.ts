import type { BodyProcessor, ProgramSettings } from '../../../../src/innate/seclang/program.ts'
import { createMessageVariables } from '../../../../src/innate/seclang/variables/create-message-variables.ts'
import type { MessageVariables } from '../../../../src/innate/seclang/variables/message-variables.ts'
import type { RequestView } from '../../../../src/request/request-view.ts'

export const testSettings: ProgramSettings = {
  engine: 'on',
  requestBodyAccess: true,
  responseBodyAccess: true,
  requestBodyLimit: 13_107_200,
  requestBodyLimitAction: 'reject',
  requestBodyNoFilesLimit: 131_072,
  responseBodyLimit: 524_288,
  responseBodyLimitAction: 'process-partial',
  responseBodyMimeTypes: ['text/plain', 'text/html'],
  jsonDepthLimit: 512,
  argumentsLimit: 1_000,
  argumentSeparator: '&',
  cookieFormat: 0,
  webAppId: 'shop',
  sensorId: '',
  typedProcessors: [],
  collectionTimeoutSeconds: 3_600,
}

export type MessageCase = {
  readonly method?: string
  readonly target?: string
  readonly headers?: readonly (readonly [string, string])[]
  /** A byte string; the body is read only when there is one. */
  readonly body?: string
  readonly processor?: BodyProcessor
  readonly settings?: Partial<ProgramSettings>
  readonly view?: Partial<RequestView>
}

/** The variables of a request, its body read. */
export function messageOf(message: MessageCase): MessageVariables {
  const view: RequestView = {
    method: message.method ?? 'GET',
    target: message.target ?? '/',
    rawHeaders: (message.headers ?? []).flat(),
    body: message.body === undefined ? null : Buffer.from(message.body, 'latin1'),
    isBodyCut: false,
    remoteAddress: '192.0.2.7',
    receivedAtMs: 0,
    ...message.view,
  }
  const variables = createMessageVariables(view, { ...testSettings, ...message.settings })
  variables.readBody({ processor: message.processor ?? null, isForced: false })
  return variables
}

/** `key=value` of each member of a variable. */
export const textsOf = (variables: MessageVariables, name: string): string[] =>
  variables.members(name).map(({ key, value }) => `${key}=${value}`)

/** The value of a scalar. */
export const textOf = (variables: MessageVariables, name: string): string | undefined =>
  variables.members(name)[0]?.value

export const formType = ['Content-Type', 'application/x-www-form-urlencoded'] as const
export const multipartType = ['Content-Type', 'multipart/form-data; boundary=B'] as const
