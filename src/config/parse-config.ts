import { ThymusError } from '../core/errors.ts'
import { checkConfig, normaliseConfig } from './check.ts'
import { type Problem, problemsOf } from './problem.ts'
import { type Config, type ConfigInput, configSchema } from './schema.ts'

export type ConfigResult =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }

/** Complete settings from what a program wrote. Throws THY_CONFIG with everything that is wrong with it. */
export function parseConfig(input: ConfigInput = {}): Config {
  const result = readConfig(input)
  if (result.kind === 'config') return result.config
  throw configError(
    'The configuration',
    result.problems.map((problem) => problem.sentence),
  )
}

/** Fills in defaults, checks, and finds everything that is wrong at once. */
export function readConfig(input: unknown): ConfigResult {
  const parsed = configSchema.safeParse(input)
  if (!parsed.success) return { kind: 'problems', problems: problemsOf(parsed.error.issues, input) }
  const problems = checkConfig(parsed.data)
  return problems.length === 0
    ? { kind: 'config', config: normaliseConfig(parsed.data) }
    : { kind: 'problems', problems }
}

/** One problem reads as one sentence; several stand below each other. */
export function configError(subject: string, sentences: readonly string[]): ThymusError {
  const [only] = sentences
  if (sentences.length === 1 && only !== undefined) {
    return new ThymusError('THY_CONFIG', `${subject} is not valid: ${only}.`)
  }
  const list = sentences.map((sentence) => `\n  - ${sentence}.`).join('')
  return new ThymusError('THY_CONFIG', `${subject} has ${sentences.length} problems:${list}`)
}
