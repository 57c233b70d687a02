import { ThymusError } from '../core/errors.ts'
import { actionOf, positionalsOf } from './arguments.ts'
import type { Command } from './context.ts'
import { adminOption, withState } from './live-state.ts'
import { jsonOption, plainText, print, textTable, timeText } from './output.ts'
import { configOptions, settingsOf } from './settings-options.ts'

export const cellsCommand: Command = {
  name: 'cells',
  summary: 'List the memory cells, or forget one for good.',
  positionals: 'list | forget ID',
  options: { ...adminOption, ...configOptions, ...jsonOption },
  run: async (call, context) => {
    const { action, rest } = actionOf(call, ['list', 'forget'])
    const [id = ''] = positionalsOf(rest, action === 'forget' ? ['the id of a cell'] : [])
    const { config } = await settingsOf(call, context)
    return withState({ call, context, config }, async (state) => {
      if (action === 'forget') {
        if (!(await state.forget(id))) {
          throw new ThymusError('THY_OPTION', `No memory cell at ${state.from} has the id ${JSON.stringify(id)}.`)
        }
        print(call, context, { json: { forgotten: id }, text: () => `The memory cell ${id} is forgotten.` })
        return 0
      }
      const cells = await state.cells()
      const text = (value: unknown) => plainText(String(value ?? '-'))
      print(call, context, {
        json: { from: state.from, cells },
        text: () =>
          cells.length === 0
            ? `There are no memory cells at ${state.from}.`
            : textTable(
                ['id', 'family', 'where', 'radius', 'utility', 'hits', 'parent', 'born', 'ends', 'confirmed by'],
                cells.map((cell) => [
                  text(cell['id']),
                  text(cell['family']),
                  text(cell['location']),
                  text(cell['radius']),
                  text(cell['utility']),
                  text(cell['hits']),
                  text(cell['parent']),
                  timeText(Number(cell['bornAtMs'])),
                  timeText(cell['expiresAtMs'] === null ? null : Number(cell['expiresAtMs'])),
                  text((cell['confirmedBy'] as readonly string[] | undefined)?.join(', ')),
                ]),
              ),
      })
      return 0
    })
  },
}
