import type { Finding } from '../core/finding.ts'
import { fieldIdOf } from '../request/field.ts'
import { bear, type CellLifeOptions, createCellLife, follow, forget, hasExpired, hit, screen } from './cell-life.ts'
import type { Memory, MemoryCell, Place, SelfScreen } from './memory.ts'

export type MemoryOptions = CellLifeOptions & {
  /** What else is known to be harmless, however much of a cell is in it; asked only about what a cell recalls. */
  readonly isSelf?: SelfScreen
}

/** An attack that an existing cell recalls this well makes no second one. */
const coveredAffinity = 0.85
/** Score of the weakest recall; a whole one scores 1. */
const leastScore = 0.85

export function createMemory(options: MemoryOptions): Memory {
  const { config, records, clock, isSelf = () => false } = options
  const life = createCellLife(options)
  const { shelf, pending } = life
  const close = records.subscribe((change) => {
    if (change.record.kind === 'cell') follow(life, change)
  })

  /** The living cell that a value calls to mind, with the share of it that is there. */
  function recall(
    value: string,
    place: Place | null,
  ): { readonly cell: MemoryCell; readonly affinity: number } | undefined {
    const recalled = shelf.recall(value)
    if (recalled === undefined) return undefined
    if (isSelf(value, { place, affinity: recalled.affinity })) return undefined
    const cell = shelf.get(recalled.cellId)?.cell
    if (cell === undefined || hasExpired(cell, clock.now())) return undefined
    return { cell, affinity: recalled.affinity }
  }

  return {
    inspect: (request, findings) => {
      if (!config.enabled) return
      for (const field of request.fields) {
        const place = { field, request }
        const recalled = recall(field.value, place)
        if (recalled === undefined) continue
        findings.push(findingOf(recalled.cell, recalled.affinity, place))
        hit(life, recalled.cell)
      }
    },
    remember: (attack) => {
      if (!config.enabled) return undefined
      const covering = recall(attack.value, null)
      if (covering === undefined || covering.affinity < coveredAffinity) return bear(life, attack)
      hit(life, covering.cell)
      return undefined
    },
    affinity: (value) => recall(value, null)?.affinity ?? 0,
    rememberClone: (attack, lineage) => {
      if (
        !config.enabled ||
        isSelf(attack.value, { place: null, affinity: 0 }) ||
        recall(attack.value, null) !== undefined
      )
        return undefined
      return bear(life, attack, lineage)
    },
    forget: (cellId, by) => forget(life, cellId, by),
    screen: () => screen(life),
    cells: () => {
      const acting = [...shelf.all()].filter(({ cell, isActive }) => isActive && !hasExpired(cell, clock.now()))
      return acting.map(({ cell }) => ({ ...cell, hits: cell.hits + (pending.get(cell.id)?.hits ?? 0) }))
    },
    close,
  }
}

function findingOf(cell: MemoryCell, affinity: number, { field, request }: Place): Finding {
  const born = new Date(cell.bornAtMs).toISOString().slice(0, 10)
  const share = Math.round(affinity * 100)
  return {
    layer: 'memory',
    source: cell.id,
    field: fieldIdOf(field, request.route),
    score: leastScore + (1 - leastScore) * affinity,
    reason: `${share} % of a remembered attack is in this value: ${cell.family}, confirmed at ${cell.origin} on ${born}${descentOf(cell)}.`,
  }
}

function descentOf({ parent, generation }: MemoryCell): string {
  return parent === null ? '' : `, clone of ${parent} in generation ${generation}`
}
