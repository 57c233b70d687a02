/**
 * Faults that an operator may see, one code each, never reused. `docs/ERRORS.md` explains every one; a test compares
 * the two. A verdict is a value and never an error.
 */
export const errorCodes = {
  THY_NODE_VERSION: 'This Node version is not supported.',
  THY_OPTION: 'A command-line option is unknown or has a bad value.',
  THY_CONFIG: 'The configuration is not valid.',
  THY_CONFIG_FILE: 'The configuration file cannot be read.',
  THY_RULE: 'A rule file does not compile.',
  THY_PORT: 'A port is in use or may not be opened.',
  THY_UPSTREAM: 'The upstream cannot be reached.',
  THY_UPSTREAM_TIMEOUT: 'The upstream did not answer in time.',
  THY_DATA_DIR: 'The data folder cannot be used.',
  THY_STORE: 'The record store failed.',
  THY_RECORD: 'A stored or received record does not have the expected form.',
  THY_SNAPSHOT: 'A snapshot is damaged or of another version.',
  THY_TRAFFIC: 'A traffic file cannot be read or holds a bad record.',
  THY_REFERENCE: 'No finding carries this reference id.',
  THY_ADMIN: 'The admin listener could not be reached or refused the call.',
  THY_LAYER_FAULT: 'A layer failed while it inspected a request.',
} as const

export type ErrorCode = keyof typeof errorCodes

/** A fault with a code, a sentence that names what, where and what was expected, and the exit code it leads to. */
export class ThymusError extends Error {
  readonly code: ErrorCode
  /** 2 when the operator can mend it (option, configuration, port, upstream), 1 otherwise. */
  readonly exitCode: 1 | 2

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; exitCode?: 1 | 2 } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'ThymusError'
    this.code = code
    this.exitCode = options.exitCode ?? 2
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
