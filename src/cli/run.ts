import { closest } from '../config/closest.ts'
import { messageOf, ThymusError } from '../core/errors.ts'
import { optionError, parseCall } from './arguments.ts'
import { cellsCommand } from './cells.ts'
import { clientsCommand } from './clients.ts'
import { configCommand } from './config.ts'
import type { Command, CommandContext } from './context.ts'
import { demoCommand } from './demo.ts'
import { deploysCommand } from './deploys.ts'
import { detectorsCommand } from './detectors.ts'
import { doctorCommand } from './doctor.ts'
import { evaluateCommand } from './evaluate.ts'
import { explainCommand } from './explain.ts'
import { helpOf, overview } from './help.ts'
import { learnCommand } from './learn.ts'
import { modelsCommand } from './models.ts'
import { replayCommand } from './replay.ts'
import { rulesCommand } from './rules.ts'
import { startCommand } from './start.ts'

export const commands: readonly Command[] = [
  startCommand,
  demoCommand,
  configCommand,
  doctorCommand,
  rulesCommand,
  learnCommand,
  replayCommand,
  evaluateCommand,
  explainCommand,
  cellsCommand,
  clientsCommand,
  deploysCommand,
  modelsCommand,
  detectorsCommand,
]

/** Runs one command line and returns the exit code. Never throws: what goes wrong is one sentence on stderr. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await dispatch(args, context)
  } catch (error) {
    return report(error, args, context)
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    context.stdout(overview(commands, context.version))
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    context.stdout(`${context.version}\n`)
    return 0
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) throw unknownCommand(name)
  const call = parseCall(command, rest)
  if (call.has('help')) {
    context.stdout(helpOf(command))
    return 0
  }
  return command.run(call, context)
}

function unknownCommand(name: string): ThymusError {
  const names = commands.map((command) => command.name)
  const meant = closest(name, names)
  const hint = meant === undefined ? `expected one of ${names.join(', ')}` : `expected ${meant}`
  return optionError(`thymus has no command ${JSON.stringify(name)}, ${hint}`)
}

function report(error: unknown, args: readonly string[], context: CommandContext): number {
  if (error instanceof ThymusError) {
    context.stderr(`thymus: ${error.message} [${error.code}]\n`)
    if (args.includes('--debug') && error.stack !== undefined) context.stderr(`${error.stack}\n`)
    return error.exitCode
  }
  context.stderr(
    `thymus: Something unexpected went wrong: ${messageOf(error)}. Run it again with --debug for the place.\n`,
  )
  if (args.includes('--debug') && error instanceof Error) context.stderr(`${error.stack ?? ''}\n`)
  return 1
}
