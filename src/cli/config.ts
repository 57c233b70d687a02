import { basename } from 'node:path'
import { printableSettings } from '../config/load-config.ts'
import { configJsonSchema } from '../config/settings.ts'
import { actionOf, positionalsOf } from './arguments.ts'
import type { Command } from './context.ts'
import { jsonOption, print, textTable } from './output.ts'
import { settingsOf, startOptions } from './settings-options.ts'

export const configCommand: Command = {
  name: 'config',
  summary: 'Check the configuration, print every setting with its origin, or print the JSON Schema.',
  positionals: 'check | print | schema',
  options: { ...startOptions, ...jsonOption },
  run: async (call, context) => {
    const { action, rest } = actionOf(call, ['check', 'print', 'schema'])
    positionalsOf(rest, [])
    if (action === 'schema') {
      context.stdout(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
      return 0
    }
    const loaded = await settingsOf(call, context)
    if (action === 'check') {
      const subject = loaded.file === null ? 'The configuration (no file)' : basename(loaded.file)
      print(call, context, { json: { valid: true, file: loaded.file }, text: () => `${subject} is valid.` })
      return 0
    }
    const settings = printableSettings(loaded)
    print(call, context, {
      json: { file: loaded.file, settings },
      text: () =>
        textTable(
          ['setting', 'value', 'from'],
          settings.map(({ key, value, origin }) => [key, JSON.stringify(value), origin]),
        ),
    })
    return 0
  },
}
