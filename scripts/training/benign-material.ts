import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../../src/core/random.ts'
import { noise } from './benign-noise.ts'
import type { Example } from './example.ts'
import { between, expand, expandText, pick } from './grammar.ts'
import { loadGrammar } from './load-grammar.ts'
import { canonical } from './mutate.ts'

const proseRules = loadGrammar('benign-prose')
const valueRules = loadGrammar('benign-values')
const prose = proseRules.grammar
const values = valueRules.grammar

/** Harmless text to put around attacks. */
export const harmless = (random: Random): { text: () => string; value: () => string } => ({
  text: () => expand('sentence', proseRules, random),
  value: () => expand('scalar', valueRules, random),
})

/** Harmless values of every type; every https address also comes as http, so that `http:/` says nothing. */
export function makeBenign(random: Random, share = 1): Example[] {
  const found: Example[] = []
  const add = (kind: string, group: string, text: string): void => {
    const read = canonical(text)
    found.push({ text: read, isAttack: false, kind, group })
    if (read.includes('https://')) {
      found.push({ text: read.replaceAll('https://', 'http://'), isAttack: false, kind, group })
    }
  }
  for (let count = 0; count < 34_000 * share; count += 1) {
    const name = pick(values['value'] ?? [], random)
    const template = pick(values[name.replaceAll('§', '')] ?? [], random)
    add(`value ${name}`, template, expandText(template, valueRules, random))
  }
  for (let count = 0; count < 26_000 * share; count += 1) {
    const template = pick(prose[pick(proseNames, random)] ?? [], random)
    add('prose', template, expandText(template, proseRules, random))
  }
  for (let count = 0; count < 2_500 * share; count += 1) add('long', `long ${count % 50}`, longText(random))
  for (const { name, make, count } of noise) {
    for (let index = 0; index < count * share; index += 1)
      add(`noise ${name}`, `noise ${name} ${index % 50}`, make(random))
  }
  return found
}

const proseNames = Object.keys(prose).filter((name) => !['adj', 'noun', 'verb', 'time', 'sqlName'].includes(name))

/** A few thousand characters of one kind: an article, a chat, a document, a log, a table. */
function longText(random: Random): string {
  const name = pick(
    ['text', 'json', 'html', 'log', 'sentence', 'query', 'csv', 'value', 'code', 'markdown', 'sqlProse'],
    random,
  )
  const rules = name in prose ? proseRules : valueRules
  const parts = Array.from({ length: between(5, 60, random) }, () => expand(name, rules, random))
  return parts.join(pick([' ', '\n', ',', '\n\n', '&', ';', ' | '], random))
}

/** Packages that this project pins and whose licence (MIT, Apache-2.0, BSD, ISC) allows learning from their documents. */
const documents: readonly (readonly [name: string, files: readonly string[]])[] = [
  ['express', ['Readme.md']],
  ['zod', ['README.md']],
  ['undici', ['README.md', 'docs/docs/api/Dispatcher.md', 'docs/docs/api/Client.md', 'docs/docs/api/Errors.md']],
  ['yaml', ['README.md']],
  ['pino', ['README.md', 'docs/api.md', 'docs/help.md', 'docs/transports.md']],
  ['prom-client', ['README.md']],
  ['helmet', ['README.md', 'CHANGELOG.md']],
  ['ioredis', ['README.md']],
  ['re2js', ['README.md']],
  ['fast-check', ['README.md']],
  ['supertest', ['README.md']],
  ['ws', ['README.md']],
  ['ipaddr.js', ['README.md']],
  ['typescript', ['README.md']],
  ['qs', ['README.md', 'CHANGELOG.md']],
  ['semver', ['README.md']],
  ['debug', ['README.md']],
  ['send', ['README.md']],
  ['cookie', ['README.md']],
  ['accepts', ['README.md', 'HISTORY.md']],
  ['body-parser', ['README.md']],
  ['iconv-lite', ['README.md']],
  ['axe-core', ['README.md']],
  ['zod-openapi', ['README.md']],
  ['vite', ['README.md', 'LICENSE.md']],
  ['picomatch', ['README.md']],
  ['chalk', ['readme.md']],
  ['yargs', ['README.md']],
]

export type Documents = { readonly examples: readonly Example[]; readonly missing: readonly string[] }

/** Paragraphs and pages of those documents. What is missing is named, since without it the model is another one. */
export function readDocuments(folder: string): Documents {
  const examples: Example[] = []
  const missing: string[] = []
  for (const [name, files] of documents) {
    for (const file of files) {
      const text = readText(join(folder, name, file))
      if (text === null) {
        missing.push(`${name}/${file}`)
        continue
      }
      const group = `${name}/${file}`
      const paragraphs = text.slice(0, 60_000).split(/\n\s*\n/)
      for (const paragraph of paragraphs) {
        if (paragraph.trim() !== '')
          examples.push({ text: canonical(paragraph), isAttack: false, kind: 'document', group })
      }
      for (let at = 0; at < paragraphs.length; at += 40) {
        const page = paragraphs.slice(at, at + 20).join('\n\n')
        examples.push({ text: canonical(page), isAttack: false, kind: 'page', group })
      }
    }
  }
  return { examples, missing }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
