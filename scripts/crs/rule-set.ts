// Where the files of a rule set are, in the order they are loaded, and the settings that its own tests ask for.
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** SecLang files in load order: set-up, then `between` (the settings of a run), then plug-ins and rules. */
export type RuleSet = { readonly setup: readonly string[]; readonly rules: readonly string[] }

/** Where Debian puts the set-up file of the rules it keeps elsewhere. */
const debianSetup = '/etc/modsecurity/crs/crs-setup.conf'

/** Finds a rule set in a checkout (`rules/` within) or in a bare folder of rules. */
export function findRuleSet(given: string): RuleSet {
  const folder = resolve(given)
  const rulesFolder = existsSync(join(folder, 'rules')) ? join(folder, 'rules') : folder
  const root = rulesFolder === folder ? dirname(folder) : folder
  const candidates = [root, folder].flatMap((at) => [join(at, 'crs-setup.conf'), join(at, 'crs-setup.conf.example')])
  const setup = [...candidates, debianSetup].find(existsSync)
  if (setup === undefined) throw new Error(`There is no crs-setup.conf or crs-setup.conf.example in ${root}.`)
  const plugins = filesIn(join(root, 'plugins'))
  const ending = (end: string): string[] => plugins.filter((path) => path.endsWith(end))
  const rules = filesIn(rulesFolder).filter((path) => !basename(path).startsWith('crs-setup'))
  if (rules.length === 0) throw new Error(`There is no .conf file in ${rulesFolder}.`)
  return {
    setup: [setup, ...ending('-config.conf')],
    rules: [...ending('-before.conf'), ...rules, ...ending('-after.conf')],
  }
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map((name) => join(folder, name))
}

/** Comes with nginx's module; without it `%uHHHH` decodes to its low byte. */
const unicodeMap = '/etc/nginx/unicode.mapping'

/** Directives of the engine itself: what `modsecurity.conf-recommended` sets, as far as detection depends on it. */
export const engineDirectives = `
SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\\+|/)|text/)xml" \\
  "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/(?:[a-z0-9.-]+\\+)?json" \\
  "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRequestBodyLimit 13107200
SecRequestBodyNoFilesLimit 13107200
SecRequestBodyLimitAction ProcessPartial
SecRequestBodyJsonDepthLimit 512
SecArgumentsLimit 1000
SecPcreMatchLimit 500000
SecPcreMatchLimitRecursion 500000
SecResponseBodyAccess On
SecResponseBodyMimeType text/plain text/html text/xml application/json
SecResponseBodyLimit 1048576
SecResponseBodyLimitAction ProcessPartial
SecArgumentSeparator &
SecCookieFormat 0
${existsSync(unicodeMap) ? `SecUnicodeMapFile ${unicodeMap} 20127\n` : ''}`

/** What the READMEs of the regression tests ask for: detection only, everything on, limits that the tests know. */
export const testDirectives = `
SecAction "id:200005,phase:1,nolog,pass,ctl:ruleEngine=DetectionOnly,ctl:ruleRemoveById=910000,\\
  ${[
    'paranoia_level=4',
    'blocking_paranoia_level=4',
    'executing_paranoia_level=4',
    'detection_paranoia_level=4',
    'crs_validate_utf8_encoding=1',
    'arg_name_length=100',
    'arg_length=400',
    'total_arg_length=64000',
    'max_num_args=255',
    'max_file_size=64100',
    'combined_file_sizes=65535',
  ]
    .map((setting) => `setvar:tx.${setting}`)
    .join(',')}"
`

export function paranoiaDirectives(level: number): string {
  const names = ['paranoia_level', 'blocking_paranoia_level', 'executing_paranoia_level', 'detection_paranoia_level']
  return `SecAction "id:900005,phase:1,nolog,pass,${names.map((name) => `setvar:tx.${name}=${level}`).join(',')}"\n`
}

/** One file that includes all others. */
export function mainFile(set: RuleSet, directives: { readonly engine: string; readonly run: string }): string {
  const include = (path: string): string => `Include "${path}"`
  return [directives.engine, ...set.setup.map(include), directives.run, ...set.rules.map(include), ''].join('\n')
}
