import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { loadRules } from '../../src/innate/load-rules.ts'
import { operatorTable } from '../../src/innate/operators/table.ts'
import { conditionSchema, ruleSchema } from '../../src/innate/rule-file.ts'
import { placeBits, targetGroups } from '../../src/innate/targets.ts'
import { transformationTable } from '../../src/innate/transformations/table.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/RULES.md'), 'utf8')
const rowsOf = (heading: string): readonly string[] => {
  const section = text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '')
}

describe('docs/RULES.md', () => {
  it('lists every operator and no other', () => {
    expect([...rowsOf('Operators')].sort()).toEqual([...operatorTable.keys()].sort())
  })

  it('gives each operator and transformation the sentence that the code has', () => {
    for (const { means, example } of operatorTable.values()) {
      expect(text).toContain(means)
      expect(text).toContain(example.replaceAll('|', '\\|'))
    }
    for (const { means } of transformationTable.values()) expect(text).toContain(means)
  })

  it('lists every transformation and no other', () => {
    expect([...rowsOf('Transformations')].sort()).toEqual([...transformationTable.keys()].sort())
  })

  it('lists every target and no other', () => {
    expect([...rowsOf('Targets')].sort()).toEqual([...Object.keys(placeBits), ...Object.keys(targetGroups)].sort())
  })

  it('lists every family and no other', () => {
    expect([...rowsOf('Families')].sort()).toEqual([...new Set(loadRules().map((rule) => rule.family))].sort())
  })

  it('lists every key of a rule and no other', () => {
    const operators = new Set(operatorTable.keys())
    const keys = [...new Set([...Object.keys(ruleSchema.shape), ...Object.keys(conditionSchema.shape)])]
    const own = keys.filter((key) => !operators.has(key))
    expect([...rowsOf('Keys of a rule')].sort()).toEqual(own.sort())
  })
})
