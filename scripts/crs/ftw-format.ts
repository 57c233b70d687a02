// Regression tests of the OWASP Core Rule Set, in both layouts of the FTW format: the older one (`test_title`, `stage`,
// `log_contains`) and the one go-ftw reads (`rule_id`, `test_id`, `output.log`).
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'

export type Header = { readonly name: string; readonly value: string }

/** What a stage sends. Text is sent as UTF-8. */
export type StageInput = {
  readonly method: string
  readonly uri: string
  readonly version: string
  readonly headers: readonly Header[]
  readonly data: string | null
  /** The whole request as bytes; nothing else counts then. */
  readonly raw: Buffer | null
  /** Whether Content-Length and the like are added. */
  readonly isCompleted: boolean
  readonly keepsCookies: boolean
  readonly followsRedirect: boolean
}

/** What a stage expects; all of it has to hold. */
export type StageOutput = {
  readonly statuses: readonly number[]
  readonly isError: boolean
  readonly ids: readonly number[]
  readonly missingIds: readonly number[]
  readonly patterns: readonly string[]
  readonly missingPatterns: readonly string[]
  readonly responsePattern: string | null
}

export type Stage = { readonly input: StageInput; readonly output: StageOutput }

export type CrsTest = {
  /** `942100-7` */
  readonly name: string
  readonly ruleId: number
  readonly file: string
  /** False for rules that look at what the upstream answers. */
  readonly isRequestPhase: boolean
  readonly stages: readonly Stage[]
}

const text = z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((value) => String(value ?? ''))
const texts = z.union([text.transform((one) => [one]), z.array(text)])
const numbers = z.union([z.coerce.number().transform((one) => [one]), z.array(z.coerce.number())])
const pairs = z.array(z.object({ name: text, value: text }))

/** What is not given, or given as null. */
const textOr = (given: string) => text.nullish().transform((value) => value ?? given)
const headersSchema = z.union([
  z.record(z.string(), text).transform((map) => Object.entries(map).map(([name, value]) => ({ name, value }))),
  pairs,
])

const inputSchema = z.object({
  method: textOr('GET'),
  uri: textOr('/'),
  version: textOr('HTTP/1.1'),
  headers: headersSchema.nullish(),
  ordered_headers: pairs.nullish(),
  data: texts.nullish(),
  encoded_request: text.nullish(),
  raw_request: text.nullish(),
  stop_magic: z.boolean().nullish(),
  autocomplete_headers: z.boolean().nullish(),
  save_cookie: z.boolean().nullish(),
  follow_redirect: z.boolean().nullish(),
})

const logSchema = z.object({
  expect_ids: numbers.nullish(),
  no_expect_ids: numbers.nullish(),
  match_regex: texts.nullish(),
  no_match_regex: texts.nullish(),
})

const outputSchema = z.object({
  status: numbers.nullish(),
  expect_error: z.boolean().nullish(),
  log_contains: texts.nullish(),
  no_log_contains: texts.nullish(),
  log: logSchema.nullish(),
  response_contains: text.nullish(),
  html_contains: text.nullish(),
})

const stageSchema = z.object({ input: inputSchema, output: outputSchema.nullish().transform((output) => output ?? {}) })
const testSchema = z.object({
  test_id: z.union([z.string(), z.number()]).nullish(),
  test_title: text.nullish(),
  stages: z.array(z.union([z.object({ stage: stageSchema }).transform(({ stage }) => stage), stageSchema])),
})
const fileSchema = z.object({
  rule_id: z.coerce.number().nullish(),
  meta: z.object({ enabled: z.boolean().nullish() }).nullish(),
  tests: z.array(testSchema).nullish(),
})

/** Reads every test below a folder, in the order of the file names. Throws an Error that names a file it cannot read. */
export function readTests(folder: string): CrsTest[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
  return files.flatMap((path) => readTestFile(path, path.slice(folder.length).split(sep).filter(Boolean).join('/')))
}

function readTestFile(path: string, file: string): CrsTest[] {
  return testsOf(readFileSync(path, 'utf8'), file)
}

/** The tests of one file's text. */
export function testsOf(source: string, file: string): CrsTest[] {
  const document = parseDocument(source, { uniqueKeys: false, strict: false, maxAliasCount: 1000 } as object)
  const content: unknown = document.toJS()
  if (!isTestFile(content)) return []
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) throw new Error(`${file} is no regression test: ${z.prettifyError(parsed.error)}`)
  const { tests, meta } = parsed.data
  if (meta?.enabled === false || !tests) return []
  const fileId = parsed.data.rule_id ?? Number(/\d{6,}/.exec(basename(file))?.[0] ?? 0)
  return tests.map((test, index) => {
    const name = test.test_title || `${fileId}-${test.test_id ?? index + 1}`
    const ruleId = fileId || Number(/\d{6,}/.exec(name)?.[0] ?? 0)
    return { name, ruleId, file, isRequestPhase: isRequestRule(ruleId), stages: test.stages.map(stageOf) }
  })
}

/** Folders of tests hold files of other kinds: exceptions of a platform, settings of a runner, containers. */
const isTestFile = (content: unknown): boolean => typeof content === 'object' && content !== null && 'tests' in content

/** The rule set's numbers: 950000 to 979999 look at answers, 980000 sums up. Plug-ins live above 9500000. */
function isRequestRule(ruleId: number): boolean {
  const family = ruleId >= 9_000_000 ? Math.floor((ruleId % 1000) / 100) : Math.floor(ruleId / 1000)
  return ruleId >= 9_000_000 ? family < 5 : family < 950
}

function stageOf({ input, output }: z.infer<typeof stageSchema>): Stage {
  return { input: inputOf(input), output: outputOf(output) }
}

function inputOf(input: z.infer<typeof inputSchema>): StageInput {
  const encoded = input.encoded_request ? Buffer.from(input.encoded_request, 'base64') : null
  const plain = input.raw_request ? Buffer.from(input.raw_request) : null
  return {
    method: input.method,
    uri: input.uri,
    version: input.version,
    headers: [...(input.headers ?? []), ...(input.ordered_headers ?? [])],
    data: input.data ? input.data.join('\r\n') : null,
    raw: encoded ?? plain,
    isCompleted: input.autocomplete_headers ?? !(input.stop_magic ?? false),
    keepsCookies: input.save_cookie ?? false,
    followsRedirect: input.follow_redirect ?? false,
  }
}

function outputOf(output: z.infer<typeof outputSchema>): StageOutput {
  const { log } = output
  return {
    statuses: output.status ?? [],
    isError: output.expect_error ?? false,
    ids: log?.expect_ids ?? [],
    missingIds: log?.no_expect_ids ?? [],
    patterns: [...(output.log_contains ?? []), ...(log?.match_regex ?? [])],
    missingPatterns: [...(output.no_log_contains ?? []), ...(log?.no_match_regex ?? [])],
    responsePattern: output.response_contains || output.html_contains || null,
  }
}
