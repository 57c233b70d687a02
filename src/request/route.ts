/** A route template of one service and method. */
export type Route = {
  /** Number in the catalogue; -1 while self has not shown it. */
  readonly id: number
  readonly service: string
  readonly method: string
  /** `/orders/{int}`. For an unknown route the template that its segments suggest. */
  readonly template: string
}
