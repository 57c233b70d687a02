import type { Random } from '../../core/random.ts'
import type { ConfirmedAttack, Memory, MemoryCell } from '../../memory/memory.ts'
import { mutate } from './mutate.ts'

export type ClonalOptions = {
  readonly memory: Pick<Memory, 'affinity' | 'rememberClone'>
  readonly random: Random
}

/**
 * Clonal selection after a confirmed attack (CLONALG, de Castro and Von Zuben 2002): the better an attack is ranked,
 * the more clones; the better a clone is recalled already, the less it is mutated. Memory screens every clone against
 * self and suppresses those within the radius of another cell (aiNet) before one may act.
 */
export type ClonalSelection = (parent: MemoryCell, attack: ConfirmedAttack, rank: number) => readonly MemoryCell[]

/** Clones of the first of the confirmed values; the others get a share by their rank. */
const clonesOfFirst = 20
/** Most cells that one confirmed attack leaves, its own not counted. */
const maxSurvivors = 10
const generations = 2
const maxSteps = 6
/** Steepness of the mutation rate e^(-rho * affinity). */
const rho = 2.5
/** Longer values are not cloned: what makes them an attack is hardly where chance changes them. */
const maxClonedChars = 2_048

export function createClonalSelection({ memory, random }: ClonalOptions): ClonalSelection {
  return (parent, attack, rank) => {
    if (attack.value.length > maxClonedChars) return []
    const survivors: MemoryCell[] = []
    let pool = Array.from({ length: Math.round(clonesOfFirst / rank) }, () => attack.value)
    for (let generation = 1; generation <= generations; generation += 1) {
      const next: string[] = []
      for (const text of pool) {
        const clone = mutate(text, stepsFor(memory.affinity(text)), random)
        next.push(clone)
        if (survivors.length >= maxSurvivors) return survivors
        const cell = memory.rememberClone({ ...attack, value: clone }, { parent: parent.id, generation })
        if (cell !== undefined) survivors.push(cell)
      }
      pool = next
    }
    return survivors
  }
}

/** Mutations of a clone that is recalled by this much: at least one. */
export function stepsFor(affinity: number): number {
  return 1 + Math.round((maxSteps - 1) * Math.exp(-rho * affinity))
}
