import { RE2JS } from 're2js'
import { compilePcre } from '../../../src/innate/patterns/compile-pcre.ts'
import type { Benchmark } from '../benchmark.ts'

/** Patterns as SecLang rules have them: case folded, with groups, classes and alternatives. */
const sources = [
  '(?i)\\bunion\\b.{1,50}?\\bselect\\b',
  '(?i)[\'"`]\\s*(?:or|and|xor)\\b[\\s(]*[\\w\'"]+\\s*(?:=|<>|like)',
  '(?i)<(?:script|iframe|object|embed|svg)\\b[^>]*>',
  '(?i)\\bon(?:load|error|click|mouse\\w+)\\s*=\\s*[\'"]?',
  '(?:^|[/\\\\])\\.\\.(?:[/\\\\]|$)',
  '(?i)(?:;|\\||&&|`|\\$\\()\\s*(?:cat|ls|id|wget|curl|nc|bash)\\b',
  '(?i)\\$\\{\\s*(?:jndi|env|sys|lower|upper)\\s*:',
  '(?i)(?:file|gopher|dict|php|data)://\\S+',
  '^[\\w.%+-]+@[\\w-]+(?:\\.[\\w-]+)+$',
  '(?i)\\b(?:sleep|benchmark|waitfor\\s+delay|pg_sleep)\\b\\s*[(\'"]',
]
const values = [
  'The committee met and voted on 3 of 5 points; for more see chapter 7.',
  'jane.doe+list@mail.example.org',
  '7b1c9a52-0e0c-4a9e-9b43-0a7b6a1d2f11',
  'https://shop.example.org/items?page=3&sort=price',
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  '{"name":"Ann","tags":["a","b"],"price":12.5}',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  "O'Neill & Sons, 12 High Street (rear)",
]
const library = sources.map((source) => RE2JS.compile(source, RE2JS.DOTALL | RE2JS.MULTILINE))
const patterns = sources.map((source) => compilePcre(source))
let matches = 0

export const benchmark: Benchmark = {
  name: 'innate/patterns: ten PCRE patterns on eight ordinary values',
  opsPerRun: sources.length * values.length,
  baseline: {
    name: 'RE2JS',
    run: () => {
      for (const pattern of library) for (const value of values) if (pattern.test(value)) matches += 1
    },
  },
  candidate: {
    name: 'lazy automata',
    run: () => {
      for (const pattern of patterns) for (const value of values) if (pattern.test(value)) matches += 1
      if (matches === 0) throw new Error('no value matches')
    },
  },
}
