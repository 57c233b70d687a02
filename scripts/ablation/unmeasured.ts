import type { Component } from '../../src/ablation.ts'

const needsConfirmation =
  'acts on what a second kind of evidence or a person confirmed; here every request is a stranger and nothing is confirmed'

/**
 * Components that this report cannot measure, with the reason. Names of components to come may stand here. All others
 * have rows.
 */
export const unmeasured: Readonly<Record<string, string>> = {
  memory: `${needsConfirmation}. Secondary response has a measurement of its own.`,
  clones: `${needsConfirmation}. Secondary response has a measurement of its own.`,
  behaviour: 'follows clients over time; the records of these sets are strangers to each other.',
}

/** Components that are off by default. Their rows say what turning them on adds to the shipped settings. */
export const offByDefault: ReadonlySet<string> = new Set(['self-model', 'clones'])

export function measuredOf(components: readonly Component[]): readonly Component[] {
  return components.filter((name) => !Object.hasOwn(unmeasured, name))
}
