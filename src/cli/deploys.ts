import { deployWindowRange } from '../adaptive/deploys.ts'
import { ThymusError } from '../core/errors.ts'
import type { JsonObject } from './admin-client.ts'
import { actionOf, numberOption, optionError, positionalsOf, requiredOption } from './arguments.ts'
import type { Call, Command, CommandContext } from './context.ts'
import { withGateway } from './live-state.ts'
import { jsonOption, plainText, print, textTable, timeText } from './output.ts'
import { configOptions } from './settings-options.ts'

export const deploysCommand: Command = {
  name: 'deploys',
  summary: 'Mark a deploy, so that what is new is expected for a while, or list the marks.',
  positionals: 'mark | list',
  options: {
    reason: { value: 'TEXT', sentence: 'What was deployed, such as a version.' },
    service: { value: 'NAME', sentence: 'Service that was deployed; any unless given.' },
    route: { value: 'PATTERN', sentence: 'Route template that changed, such as /orders/**; all unless given.' },
    window: { value: 'MS', sentence: 'How long new things are expected; else adaptive.deployWindowMs.' },
    admin: { value: 'URL', sentence: 'Admin listener of a running gateway; else that of the configuration.' },
    ...configOptions,
    ...jsonOption,
  },
  run: async (call, context) => {
    const { action, rest } = actionOf(call, ['mark', 'list'])
    positionalsOf(rest, [])
    return action === 'mark' ? markDeploy(rest, context) : listDeploys(rest, context)
  },
}

async function markDeploy(call: Call, context: CommandContext): Promise<number> {
  const body = markOf(call)
  const reply = await ask(call, context, { method: 'POST', body })
  const deploy = (reply['deploy'] ?? {}) as JsonObject
  print(call, context, { json: deploy, text: () => `The deploy is marked, its window ends ${endOf(deploy)}.` })
  return 0
}

function markOf(call: Call): JsonObject {
  const reason = requiredOption(call, 'reason', 'TEXT')
  const route = call.text('route')
  if (route?.startsWith('/') === false) {
    throw optionError(`--route is ${JSON.stringify(route)}, expected a route template like /orders/**`)
  }
  const windowMs = numberOption(call, 'window', deployWindowRange)
  return { reason, service: call.text('service'), route, windowMs }
}

async function listDeploys(call: Call, context: CommandContext): Promise<number> {
  const reply = await ask(call, context, { method: 'GET' })
  const deploys = (reply['deploys'] ?? []) as readonly JsonObject[]
  const text = (value: unknown) => plainText(String(value ?? '-'))
  const row = (deploy: JsonObject): string[] => {
    const { service, route } = (deploy['scope'] ?? {}) as JsonObject
    const state = deploy['isRunning'] === true ? `running until ${endOf(deploy)}` : `over since ${endOf(deploy)}`
    return [timeText(Number(deploy['markedAtMs'])), state, text(service), text(route), text(deploy['reason'])]
  }
  print(call, context, {
    json: { deploys },
    text: () =>
      deploys.length === 0
        ? 'No deploy was marked in the last seven days.'
        : textTable(['marked', 'state', 'service', 'route', 'reason'], deploys.map(row)),
  })
  return 0
}

const endOf = (deploy: JsonObject): string => timeText(Number(deploy['untilMs']))

type Question = { readonly method: 'GET' | 'POST'; readonly body?: JsonObject }

/** A mark has to reach what runs: a data folder without a gateway learns nothing meanwhile. Throws THY_ADMIN. */
function ask(call: Call, context: CommandContext, { method, body }: Question): Promise<JsonObject> {
  return withGateway(call, context, async (client) => {
    const reply = await client.call(method, '/deploys', body)
    if (reply === undefined) throw new ThymusError('THY_ADMIN', `${client.url} does not know how to mark a deploy.`)
    return reply
  })
}
