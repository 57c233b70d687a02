import { optionsOf } from './arguments.ts'
import type { Command } from './context.ts'

/** Help of the program as a whole. */
export function overview(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    `thymus ${version}: an API security gateway that learns what normal traffic looks like.`,
    '',
    'Usage: thymus COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...lines,
    '',
    'thymus COMMAND --help tells more. thymus --version prints the version.',
    '',
  ].join('\n')
}

/** Help of one command. */
export function helpOf(command: Command): string {
  const rows = Object.entries(optionsOf(command)).map(([name, { value, sentence }]) => {
    return [value === undefined ? `--${name}` : `--${name} ${value}`, sentence] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length))
  const usage = ['Usage: thymus', command.name, command.positionals, '[OPTIONS]']
    .filter((part) => part !== '')
    .join(' ')
  const options = rows.map(([left, sentence]) => `  ${left.padEnd(width)}  ${sentence}`)
  const notes = command.notes === undefined ? [] : ['', ...command.notes]
  return [command.summary, '', usage, '', 'Options:', ...options, ...notes, ''].join('\n')
}
