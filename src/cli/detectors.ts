import { ThymusError } from '../core/errors.ts'
import type { AdminClient, JsonObject } from './admin-client.ts'
import { actionOf, positionalsOf } from './arguments.ts'
import type { Call, Command, CommandContext } from './context.ts'
import { withGateway } from './live-state.ts'
import { jsonOption, plainText, print, textTable, timeText } from './output.ts'
import { configOptions } from './settings-options.ts'

export const detectorsCommand: Command = {
  name: 'detectors',
  summary: 'List the detectors of a running gateway that matched, or retire one that is wrong.',
  positionals: 'list | retire ID',
  options: {
    admin: { value: 'URL', sentence: 'Admin listener of a running gateway; else that of the configuration.' },
    ...configOptions,
    ...jsonOption,
  },
  notes: ['What a retired detector matches is normal in its field from then on; other detectors still look.'],
  run: async (call, context) => {
    const { action, rest } = actionOf(call, ['list', 'retire'])
    const [id = ''] = positionalsOf(rest, action === 'retire' ? ['the id of a detector'] : [])
    return withGateway(call, context, (client) =>
      action === 'retire' ? retire({ call, context, client }, id) : listDetectors({ call, context, client }),
    )
  },
}

type Line = { readonly call: Call; readonly context: CommandContext; readonly client: AdminClient }

async function retire({ call, context, client }: Line, id: string): Promise<number> {
  const reply = await client.call('POST', `/detectors/${encodeURIComponent(id)}/retire`)
  if (reply === undefined) {
    throw new ThymusError('THY_OPTION', `No detector at ${client.url} has the id ${JSON.stringify(id)}.`)
  }
  print(call, context, { json: reply, text: () => `The detector ${id} is retired.` })
  return 0
}

async function listDetectors({ call, context, client }: Line): Promise<number> {
  const reply = (await client.call('GET', '/detectors')) ?? {}
  const detectors = (reply['detectors'] ?? []) as readonly JsonObject[]
  const head = ['id', 'field', 'matches', 'state', 'screened against', 'when', 'times']
  print(call, context, {
    json: { from: client.url, detectors },
    text: () =>
      detectors.length === 0 ? `No detector at ${client.url} has matched yet.` : textTable(head, detectors.map(rowOf)),
  })
  return 0
}

const text = (value: unknown): string => plainText(String(value ?? '-'))

function rowOf(detector: JsonObject): string[] {
  const { method, route, location, name } = detector['field'] as JsonObject
  const why = detector['retiredBecause']
  return [
    text(detector['id']),
    text(`${String(method)} ${String(route)} ${String(location)}:${String(name)}`),
    text(detector['pattern']),
    text(why === null ? detector['state'] : `retired (${String(why)})`),
    `${text(detector['screenedAgainst'])} normal values`,
    timeText(Number(detector['screenedAtMs'])),
    text(detector['matches']),
  ]
}
