/** What was shown, in counts. */
export type DemoReport = {
  /** Fields whose profile is mature. */
  readonly matured: number
  /** Attackers that are held. */
  readonly held: number
  /** Memory cells born. */
  readonly cells: number
  /** Number of the second attacker's request that memory refused first; null when it refused none. */
  readonly secondRefusedAt: number | null
  /** Refusals of ordinary people. */
  readonly benignRefused: number
}

/** True when every step happened: learned, held, remembered, refused at once, and nobody else refused. */
export function isComplete(report: DemoReport): boolean {
  const { matured, held, cells, secondRefusedAt, benignRefused } = report
  return matured > 0 && held > 0 && cells > 0 && secondRefusedAt === 1 && benignRefused === 0
}
