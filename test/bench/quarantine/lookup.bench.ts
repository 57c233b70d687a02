import { configSchema } from '../../../src/config/schema.ts'
import { systemClock } from '../../../src/core/clock.ts'
import type { Finding } from '../../../src/core/finding.ts'
import { createRandom } from '../../../src/core/random.ts'
import { createQuarantine } from '../../../src/quarantine/quarantine.ts'
import { createRecordLog } from '../../../src/storage/create-record-log.ts'
import { clientNamed } from '../../support/requests.ts'
import type { Benchmark } from '../benchmark.ts'

const lookups = 10_000
const heldCount = 200

const quarantine = createQuarantine({
  config: configSchema.parse({}).quarantine,
  records: createRecordLog({ nodeId: 'bench', clock: systemClock }),
  clock: systemClock,
  random: createRandom(1),
  emit: () => undefined,
  origin: 'bench',
})

function found(layer: Finding['layer'], source: string): Finding {
  return { layer, source, field: null, score: 0.9, reason: 'Seen.' }
}

for (let who = 0; who < heldCount; who += 1) {
  const client = clientNamed(`held-${who}`)
  quarantine.accuse(client, [found('innate', `r${who}`), found('memory', `c${who}`)], 100_000)
}

/** One in fifty is held. */
const ids = Array.from({ length: lookups }, (_, index) =>
  index % 50 === 0 ? clientNamed(`held-${index % heldCount}`).id : clientNamed(`free-${index % 2_000}`).id,
)
const plain = new Map(quarantine.holds().map((hold) => [hold.clientId, hold]))
let kept = 0

export const benchmark: Benchmark = {
  name: 'quarantine/lookup: is this client held',
  opsPerRun: lookups,
  baseline: {
    name: 'a bare Map read',
    run: () => {
      for (const id of ids) if (plain.get(id) !== undefined) kept += 1
    },
  },
  candidate: {
    name: 'lookup',
    run: () => {
      for (const id of ids) if (quarantine.lookup(id) !== undefined) kept += 1
      if (kept < 0) throw new Error('never')
    },
  },
}
