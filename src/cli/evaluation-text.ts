import type { EvaluationReport } from '../replay/evaluate.ts'
import { type Figures, reportedFprs } from '../replay/figures.ts'
import type { GroupRate } from '../replay/group-rates.ts'
import { percent, percentRange, plainText, textTable } from './output.ts'
import { protocolLines } from './protocol-text.ts'
import { skippedText } from './traffic-options.ts'

/** The report for people: what was measured, against what it has to be compared, and what went wrong. */
export function evaluationText(report: EvaluationReport): string {
  const { asDeployed: deployed } = report
  const micros = report.usPerRequest === null ? '-' : report.usPerRequest.toFixed(1)
  return [
    `${report.scored} requests scored (${deployed.tp + deployed.fn} attacks, ${deployed.fp + deployed.tn} benign), ` +
      `${report.taught} taught, groups: ${report.groups}, ${report.seconds.toFixed(1)} s, ${micros} us each`,
    '',
    'Shares with 95 % Wilson intervals in percent. "deployed" is enforce mode with these settings.',
    judgesTable(report),
    '',
    `balanced accuracy ${percent(deployed.balancedAccuracy)}, false alarms per 10,000 benign requests ` +
      `${report.falseAlarmsPer10000 === null ? '-' : report.falseAlarmsPer10000.toFixed(1)}`,
    ...protocolLines(report.protocol),
    ...categoryLines(report),
    ...groupLines(report),
    ...falsePositiveLines(report),
    ...skippedText(report.skipped),
  ].join('\n')
}

function judgesTable(report: EvaluationReport): string {
  const rows: (readonly [string, Figures])[] = [
    ['all layers', report],
    ...Object.entries(report.layers).map(([name, figures]) => [`${name} alone`, figures] as const),
    ...Object.entries(report.controls).map(([name, figures]) => [`control: ${name}`, figures] as const),
  ]
  const head = [
    'judge',
    'TPR deployed',
    'FPR deployed',
    'AUC',
    ...reportedFprs.map((fpr) => `TPR at ${percent(Number(fpr), 2)}`),
  ]
  return textTable(
    head,
    rows.map(([name, figures]) => {
      const { tpr, tprCi, fpr, fprCi } = figures.asDeployed
      return [
        name.replace('both alone', 'innate + adaptive'),
        `${percent(tpr)} ${percentRange(tprCi)}`,
        `${percent(fpr, 2)} ${percentRange(fprCi)}`,
        figures.auc === null ? '-' : figures.auc.toFixed(4),
        ...reportedFprs.map((at) => `${percent(figures.tprAtFpr[at])} ${percentRange(figures.tprAtFprCi[at])}`),
      ]
    }),
  )
}

function categoryLines(report: EvaluationReport): readonly string[] {
  const attacks = Object.entries(report.byCategory)
  const benign = Object.entries(report.benignByCategory)
  const { classAverage } = report
  const table = textTable(
    ['attack class', 'n', 'TPR deployed', 'TPR at 1 %', 'TPR at 0.1 %'],
    [
      ...attacks.map(([name, row]) => [
        plainText(name),
        String(row.n),
        `${percent(row.tpr)} ${percentRange(row.tprCi)}`,
        `${percent(row.tprAt001)} ${percentRange(row.tprAt001Ci)}`,
        `${percent(row.tprAt0001)} ${percentRange(row.tprAt0001Ci)}`,
      ]),
      ['average', '', percent(classAverage.tpr), percent(classAverage.tprAt001), percent(classAverage.tprAt0001)],
    ],
  )
  const alarms = benign.map(
    ([name, row]) =>
      `benign ${plainText(name)}: ${row.fp} of ${row.n} refused, ${percent(row.fpr, 2)} ${percentRange(row.fprCi)}`,
  )
  return ['', ...(attacks.length === 0 ? [] : [table]), ...(benign.length < 2 ? [] : alarms)]
}

function groupLines(report: EvaluationReport): readonly string[] {
  const { tprAt0001, tprAt001, deployedTpr, deployedFpr } = report.byGroup
  if (report.groups < 2) return []
  const rows: readonly (readonly [string, GroupRate])[] = [
    ['TPR at 0.1 %', tprAt0001],
    ['TPR at 1 %', tprAt001],
    ['TPR deployed', deployedTpr],
    ['FPR deployed', deployedFpr],
  ]
  const table = textTable(
    ['per group', 'median', 'worst', 'of', 'group'],
    rows.map(([name, { median, worst }]) => [
      name,
      percent(median, 2),
      worst === null ? '-' : `${percent(worst.rate, 2)} ${percentRange(worst.ci)}`,
      String(worst?.n ?? 0),
      plainText(worst?.id ?? '-'),
    ]),
  )
  return ['', table, 'The thresholds of 0.1 % and 1 % false positives are those over all groups together.']
}

function falsePositiveLines(report: EvaluationReport): readonly string[] {
  if (report.falsePositives.length === 0) return []
  const lines = report.falsePositives.map(
    ({ id, field, reason }) => `  ${plainText(id)}: ${plainText(`${field ?? 'request'}: ${reason}`)}`,
  )
  return ['', `first false alarms (${report.falsePositives.length} of ${report.asDeployed.fp})`, ...lines]
}
