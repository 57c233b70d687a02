// The commands of `thymus`, one file each: they parse, ask the rooms, and print for people or as JSON.
// They must not hold logic that the rooms should have, nor reach for the process: everything comes with the context.
import type { Clock } from '../core/clock.ts'
import type { Parts } from './parts.ts'

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** Everything a command may touch. Commands never reach for `process`, so that tests run them in-process. */
export type CommandContext = {
  /** Writes text as it is; a command adds its own line breaks. */
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly version: string
  readonly nodeVersion: string
  readonly clock: Clock
  /** Asks without showing what is typed; `undefined` when nobody is there to answer. */
  readonly askSecret: ((question: string) => Promise<string>) | undefined
  /** Returns the function that ends the subscription. */
  readonly onSignal: (signal: StopSignal, listener: () => void) => () => void
  readonly parts: Parts
}

/** One command. `run` returns the exit code. */
export type Command = {
  readonly name: string
  /** One sentence for the overview. */
  readonly summary: string
  /** What stands after the name: `ID`, `list | forget ID`. */
  readonly positionals: string
  readonly options: OptionTable
  /** Further lines for `--help`, examples above all. */
  readonly notes?: readonly string[]
  readonly run: (call: Call, context: CommandContext) => Promise<number>
}

export type OptionTable = Readonly<Record<string, OptionSpec>>

export type OptionSpec = {
  /** What the option takes, in capitals; without it the option is a switch. */
  readonly value?: string
  readonly isMultiple?: boolean
  readonly sentence: string
}

/** A parsed command line. */
export type Call = {
  readonly command: string
  readonly positionals: readonly string[]
  /** Last value of an option that takes one. */
  readonly text: (name: string) => string | undefined
  /** Every value of an option, comma lists taken apart. */
  readonly list: (name: string) => readonly string[]
  readonly has: (name: string) => boolean
}
