import { join } from 'node:path'
import { pino } from 'pino'
import type { Config } from '../config/schema.ts'
import type { Clock } from '../core/clock.ts'
import type { EventBus } from '../core/events.ts'
import { type LogLine, toLogLine } from './ecs.ts'
import { createRotatingFile, type RotatingFile } from './rotating-file.ts'

/** One line per finding-bearing verdict, refusal, hold, release, memory cell, fault and act of a person. */
export type Audit = {
  /** For what is no event: the start, a reload, a warning. */
  readonly log: (level: LogLine['level'], message: string, fields?: Readonly<Record<string, unknown>>) => void
  /** Resolves when everything so far is in the file; to be awaited before the process ends. */
  readonly flush: () => Promise<void>
  /** Ends the subscription, flushes and closes. */
  readonly close: () => Promise<void>
  /** Lines that could not be written. */
  readonly lost: () => number
}

export type AuditOptions = {
  readonly config: Config['telemetry']
  readonly dataDir: string
  readonly bus: Pick<EventBus, 'subscribe'>
  readonly clock: Clock
  /** Where log lines go; standard output by default. */
  readonly output?: { readonly write: (line: string) => unknown }
  readonly maxBytes?: number
}

export const auditFileName = 'audit.jsonl'

export function auditPath(dataDir: string): string {
  return join(dataDir, auditFileName)
}

export function createAudit(options: AuditOptions): Audit {
  const { bus, clock, config, dataDir } = options
  const output = options.output ?? standardOutput()
  const logger = createLogger(config.level, { write: (line) => void output.write(line) })
  const file = config.auditFile ? openAuditFile(auditPath(dataDir), options, logger) : undefined
  const kept = file === undefined ? undefined : createLogger('debug', { write: file.write })

  const write = (line: LogLine): void => {
    const fields = { '@timestamp': new Date(line.atMs).toISOString(), ...line.fields }
    logger[line.level](fields, line.message)
    kept?.[line.level](fields, line.message)
  }
  const unsubscribe = bus.subscribe((event) => {
    const line = toLogLine(event, clock.now())
    if (line !== undefined) write(line)
  })

  return {
    log: (level, message, fields = {}) => write({ level, message, atMs: clock.now(), fields }),
    flush: async () => {
      await file?.flush()
    },
    close: async () => {
      unsubscribe()
      await file?.close()
    },
    lost: () => file?.lost() ?? 0,
  }
}

/** A reader that goes away (`thymus start | head`) must not end the gateway. */
function standardOutput(): NodeJS.WriteStream {
  if (!process.stdout.listeners('error').includes(ignore)) process.stdout.on('error', ignore)
  return process.stdout
}

function ignore(): void {}

type Logger = Record<LogLine['level'], (fields: object, message: string) => void>

function createLogger(level: Config['telemetry']['level'], destination: { write: (line: string) => void }): Logger {
  return pino(
    {
      level,
      base: { 'ecs.version': '8.11.0' },
      messageKey: 'message',
      timestamp: false,
      formatters: { level: (label) => ({ 'log.level': label }) },
    },
    destination,
  )
}

function openAuditFile(path: string, options: AuditOptions, logger: Logger): RotatingFile {
  const { maxBytes } = options
  return createRotatingFile({
    path,
    ...(maxBytes === undefined ? {} : { maxBytes }),
    onFailure: (message) => {
      const fields = {
        '@timestamp': new Date(options.clock.now()).toISOString(),
        'event.action': 'audit-lost',
        'file.path': path,
      }
      logger.error(fields, `The audit file cannot be written, lines are lost: ${message}`)
    },
  })
}
