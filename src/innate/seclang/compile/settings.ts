import type { ProgramSettings } from '../program.ts'

/** Settings while the directives are read. */
export type SettingsDraft = { -readonly [Key in keyof ProgramSettings]: ProgramSettings[Key] }

/**
 * What holds when a file says nothing: the defaults of ModSecurity 3, but for two. Rules that an operator names are on,
 * and bodies are read; whether anything is refused is the mode's to say.
 */
export const defaultSettings = (): SettingsDraft => ({
  engine: 'on',
  requestBodyAccess: true,
  responseBodyAccess: false,
  requestBodyLimit: 134_217_728,
  requestBodyNoFilesLimit: 1_048_576,
  responseBodyLimit: 524_288,
  requestBodyLimitAction: 'reject',
  responseBodyLimitAction: 'reject',
  responseBodyMimeTypes: ['text/plain', 'text/html'],
  typedProcessors: [],
  jsonDepthLimit: 10_000,
  argumentsLimit: 65_536,
  argumentSeparator: '&',
  cookieFormat: 0,
  webAppId: '',
  sensorId: '',
  collectionTimeoutSeconds: 3_600,
})
