import { configSchema } from '../../src/config/schema.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { Finding } from '../../src/core/finding.ts'
import { createMemory } from '../../src/memory/create-memory.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { requestWith } from '../memory/requests.ts'
import { draftWith } from './records.ts'

// A gateway's storage and memory in a process of its own, told what to do by the test that started it.
export type Order =
  | { readonly kind: 'append'; readonly subject: string }
  | { readonly kind: 'has'; readonly subject: string }
  | { readonly kind: 'digest' }
  | { readonly kind: 'remember'; readonly value: string }
  | { readonly kind: 'recall'; readonly value: string }
  | { readonly kind: 'close' }

const [dataDir = '', url = ''] = process.argv.slice(2)
const config = configSchema.parse({ dataDir, redis: { url: url || null } })
const storage = await openStorage({ config, clock: systemClock, emit: () => undefined })
const memory = createMemory({
  config: config.memory,
  records: storage.records,
  selfGrams: { has: () => false, size: () => 0 },
  clock: systemClock,
  emit: () => undefined,
  origin: storage.nodeId,
})

async function obey(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'append':
      storage.records.append(draftWith({ subject: order.subject }))
      await storage.records.flush()
      return 'kept'
    case 'has':
      return storage.records.get('hold', order.subject) !== undefined
    case 'digest':
      return storage.records.digest()
    case 'remember': {
      const attack = {
        location: 'query' as const,
        family: 'sqli',
        referenceId: 'ref-1',
        confirmedBy: ['innate', 'behaviour'],
      }
      return memory.remember({ ...attack, value: order.value })?.id
    }
    case 'recall': {
      const findings: Finding[] = []
      memory.inspect(requestWith(order.value), findings)
      return findings.map((finding) => finding.source)
    }
    case 'close':
      memory.close()
      await storage.close()
      process.disconnect?.()
      return 'closed'
  }
}

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  void obey(order).then((answer) => process.connected && process.send?.({ id, answer }))
})
process.send?.({ id: 0, answer: storage.nodeId })
