/** Decides on a skeleton with all lines of the grammar at once: a bit for each line, an AND for each place. */
import { fingerprintLength } from './sql-fold.ts'
import { skeletons } from './sql-skeletons.ts'

const lanes = Math.ceil(skeletons.length / 32)
/** `masks[(place * 128 + kind) * lanes + lane]`: lines that allow this kind at this place; kind 0 is the end. */
const masks = new Int32Array(fingerprintLength * 128 * lanes)

function allow(line: number, place: number, kind: number): void {
  const index = (place * 128 + kind) * lanes + (line >> 5)
  masks[index] = (masks[index] ?? 0) | (1 << (line & 31))
}

skeletons.forEach((shape, line) => {
  const groups = shape.split(' ')
  for (let place = 0; place < fingerprintLength; place += 1) {
    const group = groups[place] ?? '*'
    if (group === '*') for (let kind = 0; kind < 128; kind += 1) allow(line, place, kind)
    else for (const letter of group) allow(line, place, letter === '$' ? 0 : letter.charCodeAt(0))
  }
})

const rows = new Int32Array(fingerprintLength)

/** True when the grammar knows the skeleton. `kindAt` gives the kind at a place, 0 behind the end. */
export function isAttackSkeleton(kindAt: (place: number) => number): boolean {
  for (let place = 0; place < fingerprintLength; place += 1) rows[place] = (place * 128 + kindAt(place)) * lanes
  for (let lane = 0; lane < lanes; lane += 1) {
    let lines = -1
    for (let place = 0; place < fingerprintLength && lines !== 0; place += 1) {
      lines &= masks[(rows[place] ?? 0) + lane] ?? 0
    }
    if (lines !== 0) return true
  }
  return false
}
