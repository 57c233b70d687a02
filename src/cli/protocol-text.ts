import type { PoisonReport, ProtocolReport, Rate } from '../replay/protocol-report.ts'
import { percent, percentRange } from './output.ts'

/** What was done besides plain teaching and asking, a line each. */
export function protocolLines(protocol: ProtocolReport): readonly string[] {
  const { padding, learnAtMost, attackShare, poison, seed } = protocol
  const lines: string[] = []
  if (padding !== null) {
    lines.push(
      `padding: ${padding.characters} characters before the payload of ${padding.padded} attacks, ` +
        `${padding.unpadded} left as they are because their payload is not known or not found`,
    )
  }
  if (learnAtMost !== null)
    lines.push(`cold start: at most ${learnAtMost} teaching requests per group, chosen by seed ${seed}`)
  if (attackShare < 1) lines.push(`attacks scored: ${percent(attackShare)}, chosen by seed ${seed}`)
  if (poison !== null) lines.push(...poisonLines(poison))
  return lines.length === 0 ? [] : ['', ...lines]
}

function poisonLines(report: PoisonReport): readonly string[] {
  const { deployed, at001, at0001 } = report.setApart
  const aimed = report.kind === 'field' ? `, aimed at one field in ${report.fields} groups` : ''
  return [
    `ordinary learning: ${report.benign.n} benign requests sent, ${rateText(report.benign)} admitted`,
    `poison: ${percent(report.share)} from ${report.sources} sources, ${report.kind}${aimed}: ` +
      `${report.poison.n} attacks sent, ${rateText(report.poison)} admitted`,
    `the ${deployed.n} attacks set apart for poison, asked afterwards: refused ${rateText(deployed)}, ` +
      `above the threshold of 1 % false positives ${rateText(at001)}, of 0.1 % ${rateText(at0001)}`,
  ]
}

function rateText({ rate, ci }: Rate): string {
  return `${percent(rate)} ${percentRange(ci)}`.trimEnd()
}
