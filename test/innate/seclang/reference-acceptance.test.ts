import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { ThymusError } from '../../../src/core/errors.ts'
import { programOf } from './rule-texts.ts'

/** Engine cases of ModSecurity 3, one JSON record a line; they stand beside a checkout and never in it. */
const corpus = fileURLToPath(new URL('../../../../shared/data/modsec3-regression.jsonl.gz', import.meta.url))
const hasCorpus = existsSync(corpus)

const record = z.object({
  id: z.string(),
  rules: z.array(z.string()),
  expected: z.object({ parser_error: z.string().optional() }),
})

/** What ModSecurity takes and we refuse by name, on purpose. */
const refusedHere: readonly (readonly [reason: string, fault: RegExp])[] = [
  ['runs a program or a script', /(?:action exec|SecRuleScript|@inspectFile) is not supported/],
  ['loads rules over the network', /SecRemoteRules is not supported/],
  ['needs what is not there', /(?:@fuzzyHash|@validateDTD|@validateSchema) is not supported/],
  ['is a rule without an id', /SecAction has no id/],
  ['is half a chain, which ModSecurity takes and never runs', /the chain is not finished/],
  ['is a pattern that does not compile, which ModSecurity takes and never matches', /rule 1: .*offset \d+/],
  ['asks for more of XPath than there is', /XPath .* is not supported/],
]

/** The record names a file that is not part of it, so nothing can be said. */
const missingFile = /there is no such file|data file \S+ is not given/

/** What ModSecurity refuses and we take, on purpose. */
const acceptedHere: readonly (readonly [reason: string, fault: RegExp])[] = [
  ['the map is built in, so its file is not read', /unicode map file/],
  ['there is no such log, so it is empty', /WEBSERVER_ERROR_LOG/],
]

function faultOf(text: string): string | null {
  try {
    programOf(text)
    return null
  } catch (thrown) {
    if (thrown instanceof ThymusError) return thrown.message
    throw thrown
  }
}

/** How one case comes out; null: a difference that was not made on purpose. */
function judge(rules: readonly string[], theirs: string): { readonly outcome: string | null; readonly ours: string } {
  const fault = faultOf(`${rules.join('\n')}\n`)
  const ours = fault ?? 'accepted'
  if ((theirs !== '') === (fault !== null)) return { outcome: 'agree', ours }
  if (missingFile.test(ours)) return { outcome: 'unknown', ours }
  const reasons = fault === null ? acceptedHere : refusedHere
  return { outcome: reasons.find(([, said]) => said.test(fault ?? theirs))?.[0] ?? null, ours }
}

describe('what ModSecurity takes and refuses', () => {
  if (!hasCorpus) {
    it('is not compared, because the corpus is not beside this checkout', () => {
      process.stdout.write(`SecLang acceptance: skipped, there is no ${corpus}\n`)
      expect(existsSync(corpus)).toBe(false)
    })
    return
  }

  it('is taken and refused here as well, but for differences made on purpose', () => {
    const lines = gunzipSync(readFileSync(corpus)).toString('latin1').trim().split('\n')
    const counts = new Map<string, number>()
    const unexplained: string[] = []
    for (const line of lines) {
      const { id, rules, expected } = record.parse(JSON.parse(line))
      const { outcome, ours } = judge(rules, expected.parser_error ?? '')
      if (outcome === null) unexplained.push(`${id}: ${ours}; ModSecurity: ${expected.parser_error ?? 'accepted'}`)
      else counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
    }
    const agree = counts.get('agree') ?? 0
    const unknown = counts.get('unknown') ?? 0
    const known = lines.length - unknown
    process.stdout.write(
      `SecLang acceptance: ${agree} of ${known} cases agree (${((100 * agree) / known).toFixed(1)} %), ` +
        `${known - agree} differ on purpose, ${unknown} need files that they do not hold.\n`,
    )
    expect(unexplained).toEqual([])
    expect(lines).toHaveLength(656)
    expect(agree / known).toBeGreaterThan(0.87)
    const reasons = [...refusedHere, ...acceptedHere].filter(([reason]) => counts.has(reason))
    expect(reasons.length).toBeGreaterThan(6)
  })
})
