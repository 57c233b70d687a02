import { ThymusError } from '../core/errors.ts'
import type { AdminClient, JsonObject } from './admin-client.ts'
import { actionOf, positionalsOf } from './arguments.ts'
import type { Call, Command, CommandContext } from './context.ts'
import { withGateway } from './live-state.ts'
import { jsonOption, plainText, print, textTable, timeText } from './output.ts'
import { configOptions } from './settings-options.ts'

export const modelsCommand: Command = {
  name: 'models',
  summary: 'List the self models of a running gateway, or go back to an earlier one.',
  positionals: 'list | rollback ID',
  options: {
    admin: { value: 'URL', sentence: 'Admin listener of a running gateway; else that of the configuration.' },
    ...configOptions,
    ...jsonOption,
  },
  notes: ['A group of which a person went back to an earlier model is not trained again for a day.'],
  run: async (call, context) => {
    const { action, rest } = actionOf(call, ['list', 'rollback'])
    const [id = ''] = positionalsOf(rest, action === 'rollback' ? ['the id of a model'] : [])
    return withGateway(call, context, (client) =>
      action === 'rollback' ? rollBack({ call, context, client }, id) : listModels({ call, context, client }),
    )
  },
}

type Line = { readonly call: Call; readonly context: CommandContext; readonly client: AdminClient }

async function rollBack({ call, context, client }: Line, id: string): Promise<number> {
  const reply = await client.call('POST', `/models/${encodeURIComponent(id)}/rollback`)
  if (reply === undefined) {
    throw new ThymusError(
      'THY_OPTION',
      `No model at ${client.url} that one could go back to has the id ${JSON.stringify(id)}.`,
    )
  }
  print(call, context, { json: reply, text: () => `The model ${id} is in force.` })
  return 0
}

async function listModels({ call, context, client }: Line): Promise<number> {
  const reply = (await client.call('GET', '/models')) ?? {}
  const models = (reply['models'] ?? []) as readonly JsonObject[]
  const training = (reply['training'] ?? {}) as JsonObject
  const state = `Training is ${training['isOn'] === true ? 'on' : 'off'}: ${text(training['detail'])}`
  print(call, context, {
    json: { from: client.url, models, training },
    text: () =>
      models.length === 0
        ? `There are no self models at ${client.url}. ${state}`
        : `${textTable(['id', 'group', 'state', 'trained', 'requests', 'backend', 'attacks', 'why'], models.map(rowOf))}\n${state}`,
  })
  return 0
}

const text = (value: unknown): string => plainText(String(value ?? '-'))

function rowOf(model: JsonObject): string[] {
  return [
    text(model['id']),
    text(model['group']),
    text(model['verdict']),
    timeText(Number(model['trainedAtMs'])),
    text(model['samples']),
    text(model['backend']),
    `${(Number(model['recall']) * 100).toFixed(0)} %`,
    text(model['reason']),
  ]
}
