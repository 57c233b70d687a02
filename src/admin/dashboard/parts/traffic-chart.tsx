import { formatCount } from '../format.ts'
import type { State } from '../forms.ts'

type Slice = State['traffic']['series'][number]

const width = 600
const height = 120
const top = 6

/** `x,y` pairs of a series, scaled to the drawing. */
function pointsOf(series: readonly Slice[], value: (slice: Slice) => number, peak: number): string[] {
  const step = width / Math.max(1, series.length - 1)
  return series.map((slice, index) => {
    const y = height - (value(slice) / peak) * (height - top)
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`
  })
}

/** Requests of the last ten minutes, with what was refused or would have been. */
export function TrafficChart({ series }: { series: readonly Slice[] }) {
  // The newest slice is still filling and would always look like a drop.
  const full = series.slice(0, -1)
  const peak = Math.max(1, ...full.map((slice) => slice.requests))
  const marked = (slice: Slice) => slice.refused + slice.wouldRefuse
  const line = pointsOf(full, (slice) => slice.requests, peak)
  const below = pointsOf(full, marked, peak)
  const total = full.reduce((sum, slice) => sum + slice.requests, 0)
  const stopped = full.reduce((sum, slice) => sum + marked(slice), 0)
  const label = `${formatCount(total)} requests in the last ten minutes, ${formatCount(stopped)} of them refused or to be refused. At most ${formatCount(peak)} in five seconds.`
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <line className="chart-rule" x1="0" x2={width} y1={height / 2} y2={height / 2} />
        <line className="chart-rule" x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
        <polygon className="chart-area" points={`0,${height} ${line.join(' ')} ${width},${height}`} />
        <polyline className="chart-line" points={line.join(' ')} />
        {stopped > 0 && (
          <polygon className="chart-stopped" points={`0,${height} ${below.join(' ')} ${width},${height}`} />
        )}
      </svg>
      <figcaption>
        <span>10 minutes ago</span>
        <span className="legend">
          <span className="key key-requests" /> requests <span className="key key-stopped" /> refused, or would be
        </span>
        <span>now</span>
      </figcaption>
    </figure>
  )
}
