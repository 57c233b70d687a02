import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { loadRules } from '../../src/innate/load-rules.ts'
import { planRules } from '../../src/innate/rule-plan.ts'

const plan = planRules(loadRules())
const gated = plan.rules.filter(({ gate }) => gate !== null)

/** Values of all cases, which between them make every pattern match. */
const samples = plan.rules.flatMap(({ rule }) =>
  [...rule.cases.attack, ...rule.cases.benign].flatMap((one) => (one.kind === 'value' ? [one.value] : [one.target])),
)
const text = fc.array(fc.oneof(fc.constantFrom(...samples), fc.string({ maxLength: 20 })), { maxLength: 3 })

describe('gates', () => {
  it('stand before most rules whose keywords are single characters, several rules each', () => {
    const gates = new Set(gated.map(({ gate }) => gate?.index))
    expect(gates.size).toBeGreaterThan(2)
    expect(gated.length).toBeGreaterThan(gates.size * 2)
  })

  it('are open whenever a rule behind them matches', () => {
    fc.assert(
      fc.property(text, (parts) => {
        const lower = parts.join(' ').toLowerCase()
        const subject = { text: lower, lower, flags: 0, decodeDepth: 0 }
        for (const { rule, gate } of gated) {
          if (rule.conditions[0].operator.test(subject))
            expect([rule.id, gate?.matches(lower)]).toEqual([rule.id, true])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('belong to one chain of transformations', () => {
    for (const { gate, chain } of gated) {
      for (const other of gated) if (other.gate === gate) expect(other.chain).toBe(chain)
    }
  })
})
