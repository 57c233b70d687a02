/** Settings of the demo, in the form that a configuration file has, laid over the defaults. */
export type DemoConfig = {
  mode: 'enforce'
  trustedProxies: string[]
  adaptive: { minSamples: number; minSources: number; minSlices: number; sliceMs: number; maxShare: number }
  quarantine: { maxHeldShare: number }
}

/**
 * Shortens learning from hours to about a minute, which is only safe because the demo's traffic is known to be clean.
 * A fresh object each time.
 */
export function demoConfig(): DemoConfig {
  return {
    mode: 'enforce',
    // The simulated people all come from this machine and say in X-Forwarded-For who they are.
    trustedProxies: ['127.0.0.1/32', '::1/128'],
    // Small slices, many values: before a field acts, everybody has done everything in several slices.
    adaptive: { minSamples: 300, minSources: 4, minSlices: 3, sliceMs: 1_000, maxShare: 0.1 },
    // With fifty clients, three per cent would be one.
    quarantine: { maxHeldShare: 0.1 },
  }
}

/** What the demo changes, in one sentence for the terminal. */
export function describeDemoSettings(): string {
  const { minSamples, minSources, minSlices, sliceMs } = demoConfig().adaptive
  return (
    `learning is shortened for the demo: a field acts after ${minSamples} values from ${minSources} sources ` +
    `in ${minSlices} slices of ${sliceMs / 1_000} s; real settings take hours`
  )
}
