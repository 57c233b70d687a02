import type { KeyText, VariableText } from '../parse/variable-list.ts'
import type { KeySelector, VariableSelector } from '../program.ts'
import { compileXPath } from '../variables/xpath.ts'
import type { Dialect } from './dialect.ts'

/** A variable of a list as the program looks it up. Throws an Error when it is not known. */
export function compileSelector(variable: VariableText, dialect: Dialect): VariableSelector {
  if (!dialect.isKnownVariable(variable.name)) {
    const why = refusedVariables.get(variable.name)
    throw new Error(`variable ${variable.name} is not ${why === undefined ? 'known' : `supported: ${why}`}`)
  }
  if (variable.key.kind !== 'all' && !dialect.hasKeys(variable.name)) {
    throw new Error(`variable ${variable.name} has no keys, found \`${variable.written}\``)
  }
  return { name: variable.name, key: compileKey(variable.key, dialect), isCount: variable.isCount }
}

/** Variables of the reference manual that nothing here can know. */
export const refusedVariables: ReadonlyMap<string, string> = new Map([
  ['PERF_ALL', 'measurements of ModSecurity itself'],
  ['PERF_COMBINED', 'measurements of ModSecurity itself'],
  ['PERF_GC', 'measurements of ModSecurity itself'],
  ['PERF_LOGGING', 'measurements of ModSecurity itself'],
  ['PERF_RULES', 'measurements of ModSecurity itself'],
  ['PERF_SREAD', 'measurements of ModSecurity itself'],
  ['PERF_SWRITE', 'measurements of ModSecurity itself'],
  ['SCRIPT_BASENAME', 'there is no script file behind a request'],
  ['SCRIPT_FILENAME', 'there is no script file behind a request'],
  ['SCRIPT_GID', 'there is no script file behind a request'],
  ['SCRIPT_GROUPNAME', 'there is no script file behind a request'],
  ['SCRIPT_MODE', 'there is no script file behind a request'],
  ['SCRIPT_UID', 'there is no script file behind a request'],
  ['SCRIPT_USERNAME', 'there is no script file behind a request'],
  ['STREAM_INPUT_BODY', 'bodies are not rewritten; use REQUEST_BODY'],
  ['STREAM_OUTPUT_BODY', 'bodies are not rewritten; use RESPONSE_BODY'],
  ['SDBM_DELETE_ERROR', 'there are no SDBM files'],
  ['USERAGENT_IP', 'it belongs to Apache; use REMOTE_ADDR'],
])

/** Keys and patterns of keys ignore case, as in ModSecurity. An XPath that is not supported is refused here. */
function compileKey(key: KeyText, dialect: Dialect): KeySelector {
  if (key.kind === 'path') compileXPath(key.path)
  if (key.kind !== 'pattern') return key
  return { ...key, matches: dialect.compilePattern(key.source, { ignoreCase: true }) }
}
