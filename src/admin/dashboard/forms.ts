import type { z } from 'zod'
import type * as schemas from '../schemas.ts'

/** The forms of the API's answers, taken from the schemas that the server describes itself with. */
export type Session = z.output<typeof schemas.sessionView>
export type State = z.output<typeof schemas.stateView>
export type Case = z.output<typeof schemas.caseView>
export type Finding = z.output<typeof schemas.findingView>
export type Review = z.output<typeof schemas.reviewSchema>
export type Mode = z.output<typeof schemas.modeSchema>
export type Hold = z.output<typeof schemas.holdView>
export type Conduct = z.output<typeof schemas.conductView>
export type Exemption = z.output<typeof schemas.exemptionView>
export type Cell = z.output<typeof schemas.cellView>
export type Tolerance = z.output<typeof schemas.toleranceView>
export type Profile = z.output<typeof schemas.profileView>
export type Detector = z.output<typeof schemas.detectorView>
export type Rule = z.output<typeof schemas.ruleView>
export type RouteMode = z.output<typeof schemas.routeModeView>

export type HeldClient = { readonly hold: Hold; readonly conduct: Conduct | null }
export type Consequence = {
  readonly case: Case
  readonly cellId: string | null
  readonly tolerances: readonly Tolerance[]
  readonly forgottenCells: readonly string[]
  readonly withdrawnTolerances: readonly string[]
}
