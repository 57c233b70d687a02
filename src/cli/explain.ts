import { join, resolve } from 'node:path'
import type { Config } from '../config/schema.ts'
import { ThymusError } from '../core/errors.ts'
import { findReference } from '../telemetry/find-reference.ts'
import type { JsonObject } from './admin-client.ts'
import { positionalsOf } from './arguments.ts'
import type { Call, Command, CommandContext } from './context.ts'
import { adminFor, adminOption } from './live-state.ts'
import { jsonOption, plainText, print, timeText } from './output.ts'
import { configOptions, settingsOf } from './settings-options.ts'

/** What became of one request, from the running gateway or from the audit file. */
export const explainCommand: Command = {
  name: 'explain',
  summary: 'Tell why a request was refused, or would have been, by the reference id that the client got.',
  positionals: 'ID',
  options: { ...adminOption, ...configOptions, ...jsonOption },
  run: async (call, context) => {
    const [id = ''] = positionalsOf(call, ['a reference id'])
    const { config } = await settingsOf(call, context)
    const reviewed = await askGateway({ call, context, config }, id)
    if (reviewed !== undefined) {
      print(call, context, { json: { from: 'gateway', case: reviewed }, text: () => caseText(reviewed) })
      return 0
    }
    const line = await findReference(join(resolve(context.cwd, config.dataDir), 'audit.jsonl'), id)
    print(call, context, { json: { from: 'audit', line }, text: () => auditText(line) })
    return 0
  },
}

type Origin = { readonly call: Call; readonly context: CommandContext; readonly config: Config }

/** `undefined` when no gateway runs or it no longer has the case. A named listener that knows nothing is an error. */
async function askGateway({ call, context, config }: Origin, id: string): Promise<JsonObject | undefined> {
  const client = await adminFor(call, context, config)
  if (client === undefined) return undefined
  try {
    const reply = await client.call('GET', `/findings/${encodeURIComponent(id)}`)
    if (reply === undefined && call.has('admin')) {
      throw new ThymusError('THY_REFERENCE', `No case at ${client.url} carries the reference id ${JSON.stringify(id)}.`)
    }
    return reply?.['case'] as JsonObject | undefined
  } finally {
    await client.signOut()
  }
}

const text = (value: unknown) => plainText(String(value ?? '-'))

function caseText(entry: JsonObject): string {
  const would = entry['would'] === null ? '' : `, enforce mode would have said ${text(entry['would'])}`
  const findings = (entry['findings'] ?? []) as readonly JsonObject[]
  return [
    `${text(entry['referenceId'])} at ${timeText(Number(entry['atMs']))}`,
    `${text(entry['method'])} ${text(entry['route'])} of ${text(entry['service'])}, client ${text(entry['clientId'])}`,
    `${text(entry['verdict'])} with status ${text(entry['status'])} in mode ${text(entry['mode'])}${would}, score ${text(entry['score'])}`,
    ...findings.map(findingText),
    `review: ${text(entry['review'])}`,
  ].join('\n')
}

function findingText(finding: JsonObject): string {
  const field = finding['field'] as JsonObject | null
  const where = field === null ? 'request' : `${text(field['location'])}:${text(field['name'])}`
  const shadow = finding['shadow'] === true ? ' (only reported)' : ''
  return `  ${text(finding['layer'])}:${text(finding['source'])} ${text(finding['score'])} at ${where}${shadow}: ${text(finding['reason'])}`
}

function auditText(line: JsonObject): string {
  return Object.entries(line)
    .map(
      ([name, value]) => `${plainText(name)}: ${plainText(typeof value === 'string' ? value : JSON.stringify(value))}`,
    )
    .join('\n')
}
