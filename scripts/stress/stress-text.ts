import type { EvaluationReport } from '../../src/replay/evaluate.ts'
import { rateText } from '../measure/share-text.ts'
import type { StressRow } from './protocols.ts'

export type StressResult = { readonly row: StressRow; readonly report: EvaluationReport }

const head: readonly string[] = [
  'set',
  'protocol',
  'attacks/benign',
  'TPR at 0.1 %',
  'against control',
  'TPR at 1 %',
  'against control',
  'median, worst site at 0.1 %',
  'TPR deployed',
  'FPR deployed',
  'worst site FPR deployed',
  'note',
]

/** A table in Markdown; differences to the control in percentage points, at the same false positive rate. */
export function stressTable(results: readonly StressResult[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...results.map((result) => line(cellsOf(result, results)))].join(
    '\n',
  )
}

function cellsOf({ row, report }: StressResult, results: readonly StressResult[]): readonly string[] {
  const control = results.find((other) => other.row.set === row.set && other.row.name === row.control)?.report
  const { asDeployed, tprAtFpr, tprAtFprCi, byGroup } = report
  const { tp, fn, fp, tn } = asDeployed
  return [
    row.set.name,
    row.name,
    `${tp + fn}/${fp + tn}`,
    rateText(tprAtFpr['0.001'], tprAtFprCi['0.001']),
    difference(tprAtFpr['0.001'], control?.tprAtFpr['0.001']),
    rateText(tprAtFpr['0.01'], tprAtFprCi['0.01']),
    difference(tprAtFpr['0.01'], control?.tprAtFpr['0.01']),
    row.set.groupBy === null ? '-' : `${rateText(byGroup.tprAt0001.median, null)}, ${worstText(byGroup.tprAt0001)}`,
    rateText(asDeployed.tpr, asDeployed.tprCi),
    rateText(asDeployed.fpr, asDeployed.fprCi),
    row.set.groupBy === null ? '-' : worstText(byGroup.deployedFpr),
    noteOf(report),
  ]
}

function worstText({ worst }: EvaluationReport['byGroup']['tprAt0001']): string {
  return worst === null ? '-' : `${rateText(worst.rate, worst.ci)} of ${worst.n}`
}

function difference(rate: number | null, control: number | null | undefined): string {
  if (rate === null || control === null || control === undefined) return '-'
  const points = ((rate - control) * 100).toFixed(2)
  return Number(points) > 0 ? `+${points}` : points
}

function noteOf({ protocol, byCategory }: EvaluationReport): string {
  const { padding, poison } = protocol
  const notes: string[] = []
  if (padding !== null) notes.push(`${padding.padded} padded, ${padding.unpadded} not`)
  if (poison !== null) {
    const { deployed, at0001 } = poison.setApart
    notes.push(`benign admitted ${rateText(poison.benign.rate, poison.benign.ci)}`)
    if (poison.poison.n > 0)
      notes.push(`poison admitted ${rateText(poison.poison.rate, poison.poison.ci)} of ${poison.poison.n}`)
    notes.push(
      `those very attacks afterwards: refused ${rateText(deployed.rate, null)}, at 0.1 % ${rateText(at0001.rate, null)}`,
    )
  }
  const aimed = Object.entries(byCategory).find(([name]) => name.startsWith('aimed'))?.[1]
  if (aimed !== undefined) notes.push(`in the field: ${rateText(aimed.tprAt0001, aimed.tprAt0001Ci)} at 0.1 %`)
  return notes.join('; ')
}
