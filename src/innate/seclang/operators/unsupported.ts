import { wholeText } from '../../operators/operator.ts'
import type { SecOperatorCompiler } from './sec-operator.ts'

/** Accepted, because rule sets carry it behind switches that are off; never matches, and says why. */
function createSilent(name: string, reason: string): SecOperatorCompiler {
  return {
    name,
    means: `Never matches: ${reason}.`,
    compile: (_, { notice }) => {
      notice(`@${name} never matches: ${reason}`)
      return { name, test: () => false, locate: wholeText, literals: [], isCheap: true }
    },
  }
}

/** Refused: a rule that silently never matched would protect nothing. */
function createRefused(name: string, reason: string): SecOperatorCompiler {
  return {
    name,
    means: `Refused: ${reason}.`,
    compile: () => {
      throw new Error(`@${name} is not supported: ${reason}`)
    },
  }
}

export const unsupportedOperators: readonly SecOperatorCompiler[] = [
  createSilent('rbl', 'it asks a name server, and nothing waits for the network while a request is inspected'),
  createSilent('geoLookup', 'it needs a database of addresses that is not there'),
  createRefused('gsbLookup', 'the Google Safe Browsing database it reads is no longer published'),
  createRefused('inspectFile', 'it runs a program for each uploaded file'),
  createRefused('fuzzyHash', 'it needs ssdeep'),
  createRefused('rsub', 'it rewrites bodies, and bodies pass unchanged'),
  createRefused('validateDTD', 'XML is read without its DTD'),
  createRefused('validateSchema', 'XML is read without a schema'),
  createRefused('validateHash', 'links are not signed with SecHash'),
]
