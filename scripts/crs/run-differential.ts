// The same requests through nginx with ModSecurity and through Thymus, with the same rules.
import { createRandom, shuffled } from '../../src/core/random.ts'
import { startBackend } from './backend.ts'
import { byRule, type Comparison, compareEngines } from './compare.ts'
import { startNginxSurface } from './nginx-surface.ts'
import { loadProgram } from './open-program.ts'
import { type MadeRequest, makeRequests } from './random-traffic.ts'
import { sampleRecorded } from './recorded-traffic.ts'
import { engineDirectives, findRuleSet, mainFile, paranoiaDirectives } from './rule-set.ts'
import { startThymusSurface } from './thymus-surface.ts'

export type DifferentialOptions = {
  /** Folder of the rule set. */
  readonly rules: string
  /** Requests in all; half of them at paranoia 1, half at 4. */
  readonly count: number
  readonly seed: number
  /** Folder with recorded traffic, from which a third is sampled where it exists; `null` for none. */
  readonly recorded: string | null
}

export type DifferentialReport = {
  readonly requests: number
  readonly compared: number
  readonly refused: number
  readonly unreadable: number
  readonly same: number
  readonly percent: number
  /** Compared requests in which both saw a rule match: agreement about nothing is no agreement. */
  readonly withMatches: number
  readonly byRule: ReturnType<typeof byRule>
  readonly differences: readonly (Comparison['differences'][number] & { readonly paranoia: number })[]
}

export async function runDifferential(options: DifferentialOptions): Promise<DifferentialReport> {
  const { count, seed, recorded } = options
  const random = createRandom(seed)
  const sampled = recorded === null ? [] : await sampleRecorded(recorded, Math.floor(count / 9), random)
  const requests = shuffled([...sampled, ...makeRequests(count - sampled.length, seed)], random)
  const half = Math.floor(requests.length / 2)
  const low = await compareAt(1, requests.slice(0, half), options.rules)
  const high = await compareAt(4, requests.slice(half), options.rules)
  const compared = low.compared + high.compared
  const same = low.same + high.same
  const differences = [...withParanoia(low, 1), ...withParanoia(high, 4)]
  return {
    requests: requests.length,
    compared,
    refused: low.refused + high.refused,
    unreadable: low.unreadable + high.unreadable,
    same,
    percent: Math.floor((10_000 * same) / Math.max(1, compared)) / 100,
    withMatches: low.withMatches + high.withMatches,
    byRule: byRule(differences),
    differences,
  }
}

async function compareAt(paranoia: number, requests: readonly MadeRequest[], folder: string): Promise<Comparison> {
  const backend = await startBackend('reflect')
  const directives = { engine: engineDirectives, run: paranoiaDirectives(paranoia) }
  const rules = mainFile(findRuleSet(folder), directives)
  const start = { rules, backendPort: backend.port, silenceMs: 5000 }
  const reference = await startNginxSurface(start)
  const ours = await startThymusSurface(start)
  try {
    return await compareEngines(requests, { reference, ours }, unlogged(rules))
  } finally {
    await ours.close()
    await reference.close()
    await backend.close()
  }
}

/** Rules with `noauditlog`: ModSecurity 3 logs none of their matches, by which it is asked here. */
function unlogged(rules: string): ReadonlySet<number> {
  const quiet = loadProgram(rules).rules.filter(({ flow }) => !flow.isAudited)
  return new Set(quiet.map(({ flow }) => flow.number))
}

const withParanoia = ({ differences }: Comparison, paranoia: number) =>
  differences.map((difference) => ({ ...difference, paranoia }))
