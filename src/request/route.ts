/** A route template of one service and method. */
export type Route = {
  /** Number in the catalogue; -1 while self has not shown it. */
  readonly id: number
  readonly service: string
  readonly method: string
  /** `/orders/{int}`. For an unknown route the template that its segments suggest. */
  readonly template: string
  /**
   * Positions, from 1, of the segments that a client chooses. The others are part of the route's name and no values;
   * `null` for an unknown route, of which nothing is certain.
   */
  readonly openSegments: readonly number[] | null
}

/** Longest path that is looked at segment by segment; the last one holds the rest. */
export const maxSegments = 24

/** Positions of the placeholders in a template; `**` stands for all from there on. */
export function openSegmentsOf(template: string): readonly number[] {
  const labels = template.split('/')
  const positions = labels.flatMap((label, position) => (label === '*' || label.startsWith('{') ? [position] : []))
  const rest = labels.indexOf('**')
  if (rest !== -1) for (let position = rest; position <= maxSegments; position += 1) positions.push(position)
  return positions
}
