/** Log-odds of a sum `s` from the scorer: `slope * s + offset`. */
export type Calibration = { readonly slope: number; readonly offset: number }

export type Measured = {
  readonly sum: number
  readonly isAttack: boolean
  readonly weight: number
  readonly kind: string
}

const rounds = 200

/**
 * Platt's scaling on values that were held out: what comes out is the log-odds that a value is an attack when attacks
 * and harmless values are equally likely beforehand. Newton's method on two numbers.
 */
export function calibrate(measured: readonly Measured[]): Calibration {
  let slope = 1
  let offset = -2
  for (let round = 0; round < rounds; round += 1) {
    const sums = { a: 0, b: 0, aa: 1e-6, ab: 0, bb: 1e-6 }
    for (const { sum, isAttack, weight } of measured) {
      const odds = 1 / (1 + Math.exp(-(slope * sum + offset)))
      const error = weight * (odds - (isAttack ? 1 : 0))
      const curve = weight * odds * (1 - odds)
      sums.a += error * sum
      sums.b += error
      sums.aa += curve * sum * sum
      sums.ab += curve * sum
      sums.bb += curve
    }
    const determinant = sums.aa * sums.bb - sums.ab * sums.ab
    if (!(Math.abs(determinant) > 1e-12)) break
    slope -= (0.5 * (sums.bb * sums.a - sums.ab * sums.b)) / determinant
    offset -= (0.5 * (sums.aa * sums.b - sums.ab * sums.a)) / determinant
  }
  return { slope, offset }
}

export type Figures = {
  readonly attacks: number
  readonly benign: number
  readonly tprAtFpr: Readonly<Record<string, number>>
  /** Log-odds that so large a share of the harmless values exceed. */
  readonly logOddsAtFpr: Readonly<Record<string, number>>
  /** Share of each kind of attack above the log-odds at one false alarm in a thousand. */
  readonly byKind: Readonly<Record<string, number>>
  /** Per kind of harmless value, the share above it. */
  readonly alarms: Readonly<Record<string, number>>
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

/** What the scorer does on values that it was not fitted to. */
export function heldOutFigures(measured: readonly Measured[], { slope, offset }: Calibration): Figures {
  const logOdds = (value: Measured): number => slope * value.sum + offset
  const benign = measured.filter(({ isAttack }) => !isAttack)
  const attacks = measured.filter(({ isAttack }) => isAttack)
  const sorted = benign.map(logOdds).sort((a, b) => b - a)
  const thresholds = [0.01, 0.003, 0.001].map((rate) => [rate, sorted[Math.floor(rate * sorted.length)] ?? 0] as const)
  const strict = thresholds.at(-1)?.[1] ?? 0
  const shareAbove = (values: readonly Measured[], threshold: number): number =>
    round(values.filter((value) => logOdds(value) > threshold).length / Math.max(1, values.length))
  const perKind = (values: readonly Measured[]): Record<string, number> => {
    const kinds = Map.groupBy(values, ({ kind }) => kind)
    return Object.fromEntries([...kinds].map(([kind, members]) => [kind, shareAbove(members, strict)]))
  }
  return {
    attacks: attacks.length,
    benign: benign.length,
    tprAtFpr: Object.fromEntries(thresholds.map(([rate, threshold]) => [rate, shareAbove(attacks, threshold)])),
    logOddsAtFpr: Object.fromEntries(thresholds.map(([rate, threshold]) => [rate, round(threshold)])),
    byKind: perKind(attacks),
    alarms: Object.fromEntries(Object.entries(perKind(benign)).filter(([, share]) => share > 0)),
  }
}
