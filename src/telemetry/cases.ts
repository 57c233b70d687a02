import type { Finding } from '../core/finding.ts'
import type { Mode } from '../core/verdict.ts'

/** One request that somebody may want to review, without customer data. */
export type ReviewCase = {
  readonly referenceId: string
  readonly atMs: number
  readonly clientId: string
  readonly service: string
  readonly method: string
  readonly route: string
  readonly mode: Mode
  /** What was done: `allow`, `slow` or `deny`. */
  readonly verdict: 'allow' | 'slow' | 'deny'
  /** What enforce mode would have done, where the mode only watched. */
  readonly would: 'slow' | 'deny' | null
  readonly status: number
  readonly score: number
  readonly findings: readonly Finding[]
  readonly review: 'open' | 'benign' | 'malicious'
  readonly reviewedBy: string | null
}

/** The most recent cases, newest first, bounded. */
export type CaseLog = {
  readonly add: (entry: ReviewCase) => void
  readonly get: (referenceId: string) => ReviewCase | undefined
  readonly list: (options: { readonly limit: number; readonly review?: ReviewCase['review'] }) => readonly ReviewCase[]
  readonly review: (referenceId: string, review: ReviewCase['review'], by: string) => ReviewCase | undefined
  readonly size: () => number
}
