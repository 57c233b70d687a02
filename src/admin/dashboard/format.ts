const numbers = new Intl.NumberFormat('en')
const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

export const durations = { minute, hour, day } as const

export function formatCount(value: number): string {
  return numbers.format(value)
}

export function formatMoment(ms: number): string {
  return moments.format(ms)
}

/** `4 min 05 s`, `3 h 20 min`, `12 d 4 h`: two units are enough to act upon. */
export function formatSpan(ms: number): string {
  const left = Math.max(0, Math.floor(ms / second) * second)
  if (left < minute) return `${left / second} s`
  if (left < hour) return `${Math.floor(left / minute)} min ${pad((left % minute) / second)} s`
  if (left < day) return `${Math.floor(left / hour)} h ${pad(Math.floor((left % hour) / minute))} min`
  return `${Math.floor(left / day)} d ${Math.floor((left % day) / hour)} h`
}

/** `just now`, `4 min ago`, `3 d ago`. */
export function formatAge(ms: number): string {
  if (ms < 10 * second) return 'just now'
  if (ms < minute) return `${Math.floor(ms / second)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  return `${Math.floor(ms / day)} d ago`
}

export function formatPercent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

/** `1 client`, `3 clients`. */
export function countOf(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`
}
