import { ThymusError } from '../core/errors.ts'
import type { JsonObject } from './admin-client.ts'
import { actionOf, durationOption, optionError, positionalsOf } from './arguments.ts'
import type { Call, Command, CommandContext } from './context.ts'
import { adminOption, type LiveState, withState } from './live-state.ts'
import { jsonOption, plainText, print, textTable, timeText } from './output.ts'
import { configOptions, settingsOf } from './settings-options.ts'

export const clientsCommand: Command = {
  name: 'clients',
  summary: 'List held clients, release one, or exempt one from being held.',
  positionals: 'list | release ID | exempt ID',
  options: {
    reason: { value: 'TEXT', sentence: 'Why; it is kept with the release or the exemption.' },
    for: { value: 'TIME', sentence: 'How long an exemption lasts, like 30m, 12h or 7d; for good without it.' },
    ...adminOption,
    ...configOptions,
    ...jsonOption,
  },
  run: async (call, context) => {
    const { action, rest } = actionOf(call, ['list', 'release', 'exempt'])
    const [id = ''] = positionalsOf(rest, action === 'list' ? [] : ['the id of a client'])
    if (call.has('for') && action !== 'exempt') throw optionError('--for belongs to thymus clients exempt')
    const ttlMs = durationOption(call, 'for') ?? null
    const reason = call.text('reason') ?? `${action === 'release' ? 'released' : 'exempted'} on the command line`
    const { config } = await settingsOf(call, context)
    return withState({ call, context, config }, async (state) => {
      if (action === 'list') await list(call, context, state)
      else if (action === 'release') await release({ call, context, state }, id, reason)
      else {
        const exemption = await state.exempt(id, { reason, ttlMs })
        const end = ttlMs === null ? 'for good' : `until ${timeText(Number(exemption['untilMs']))}`
        print(call, context, { json: { exemption }, text: () => `The client ${id} is exempt ${end}.` })
      }
      return 0
    })
  },
}

type Scene = { readonly call: Call; readonly context: CommandContext; readonly state: LiveState }

async function release({ call, context, state }: Scene, id: string, reason: string): Promise<void> {
  if (!(await state.release(id, reason))) {
    throw new ThymusError('THY_OPTION', `No client at ${state.from} with the id ${JSON.stringify(id)} is held.`)
  }
  print(call, context, { json: { released: id }, text: () => `The client ${id} is released.` })
}

async function list(call: Call, context: CommandContext, state: LiveState): Promise<void> {
  const { held, exemptions } = await state.held()
  print(call, context, {
    json: { from: state.from, held, exemptions },
    text: () => {
      if (held.length + exemptions.length === 0) return `No client is held or exempt at ${state.from}.`
      return [...heldLines(held), ...exemptLines(exemptions)].join('\n')
    },
  })
}

const text = (value: unknown) => plainText(String(value ?? '-'))

function heldLines(held: readonly JsonObject[]): readonly string[] {
  if (held.length === 0) return []
  const rows = held.map((hold) => [
    text(hold['clientId']),
    text(hold['rung']),
    timeText(Number(hold['untilMs'])),
    text((hold['reasons'] as readonly string[] | undefined)?.join('; ')),
  ])
  return [textTable(['held client', 'rung', 'until', 'reasons'], rows)]
}

function exemptLines(exemptions: readonly JsonObject[]): readonly string[] {
  if (exemptions.length === 0) return []
  const rows = exemptions.map((exemption) => [
    text(exemption['clientId']),
    timeText(exemption['untilMs'] === null ? null : Number(exemption['untilMs'])),
    text(exemption['by']),
    text(exemption['reason']),
  ])
  return [textTable(['exempt client', 'until', 'by', 'reason'], rows)]
}
