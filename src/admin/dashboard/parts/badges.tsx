import type { Case, Detector, Hold, Mode, Profile, Review } from '../forms.ts'

type Tone = 'calm' | 'good' | 'warn' | 'bad' | 'info'

export function Badge({ tone, children }: { tone: Tone; children: React.ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>
}

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="logo-ground" />
      <path
        className="logo-shape"
        d="M15 7c-5 2-8 7-8 12 0 4 2 6 4 6 3 0 4-3 4-7zM17 7c5 2 8 7 8 12 0 4-2 6-4 6-3 0-4-3-4-7z"
      />
    </svg>
  )
}

const modeTones: Readonly<Record<Mode, Tone>> = { off: 'bad', learn: 'info', monitor: 'warn', enforce: 'good' }

export function ModeBadge({ mode }: { mode: Mode }) {
  return <Badge tone={modeTones[mode]}>Mode: {mode}</Badge>
}

const rungTones: Readonly<Record<Hold['rung'], Tone>> = {
  free: 'calm',
  watched: 'info',
  slowed: 'warn',
  restricted: 'warn',
  isolated: 'bad',
}

export const rungMeanings: Readonly<Record<Hold['rung'], string>> = {
  free: 'no limits',
  watched: 'nothing is refused yet',
  slowed: 'has to wait between requests',
  restricted: 'may only read, on routes it used before',
  isolated: 'every request is refused',
}

export function RungBadge({ rung }: { rung: Hold['rung'] }) {
  return <Badge tone={rungTones[rung]}>{rung}</Badge>
}

const stateTones: Readonly<Record<Profile['state'], Tone>> = {
  embryo: 'calm',
  learning: 'info',
  mature: 'good',
  relearning: 'warn',
}

export const stateMeanings: Readonly<Record<Profile['state'], string>> = {
  embryo: 'too little seen yet',
  learning: 'only watches so far',
  mature: 'learned, may act',
  relearning: 'learning again after a change',
}

export function StateBadge({ state }: { state: Profile['state'] }) {
  return <Badge tone={stateTones[state]}>{state}</Badge>
}

const detectorTones: Readonly<Record<Detector['state'], Tone>> = {
  candidate: 'calm',
  mature: 'info',
  activated: 'warn',
  memory: 'good',
  retired: 'calm',
}

const retirements: Readonly<Record<NonNullable<Detector['retiredBecause']>, string>> = {
  'matched-self': 'self shows it now',
  'false-positive': 'a person called it wrong',
  expired: 'it was quiet for long',
  suppressed: 'another covers it',
}

export function DetectorBadge({ detector }: { detector: Detector }) {
  const { state, retiredBecause } = detector
  const why = retiredBecause === null ? '' : `: ${retirements[retiredBecause]}`
  return <Badge tone={detectorTones[state]}>{`${state}${why}`}</Badge>
}

/** What was done, or what enforce mode would have done. */
export function VerdictBadge({ entry }: { entry: Case }) {
  if (entry.verdict === 'deny') return <Badge tone="bad">refused ({entry.status})</Badge>
  if (entry.verdict === 'slow') return <Badge tone="warn">slowed ({entry.status})</Badge>
  if (entry.would === 'deny') return <Badge tone="warn">would be refused</Badge>
  if (entry.would === 'slow') return <Badge tone="warn">would be slowed</Badge>
  return <Badge tone="calm">allowed</Badge>
}

const reviewTexts: Readonly<Record<Review, { readonly tone: Tone; readonly text: string }>> = {
  open: { tone: 'info', text: 'to review' },
  benign: { tone: 'good', text: 'normal' },
  malicious: { tone: 'bad', text: 'attack' },
}

export function ReviewBadge({ review }: { review: Review }) {
  const { tone, text } = reviewTexts[review]
  return <Badge tone={tone}>{text}</Badge>
}
