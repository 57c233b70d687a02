import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenRecordLog, Receipt } from './create-record-log.ts'
import type { SharedStore, StoredRecord } from './record-store.ts'
import { recordText } from './record-text.ts'

const batchSize = 250

/**
 * Compares everything: takes what the shared store has and this node lacks, gives what it lacks, mends what it has wrong.
 * Returns how many records changed on either side. Reading yields to requests after every batch.
 */
export async function reconcile(shared: SharedStore, log: OpenRecordLog): Promise<number> {
  await shared.seek()
  const remote = await shared.load()
  const seen = new Set<string>()
  const missing: StoredRecord[] = []
  const superfluous: string[] = []
  let taken = 0
  for (const [index, { key, text }] of remote.entries()) {
    if (index % batchSize === batchSize - 1) await nextTurn()
    const receipt = log.receive(text)
    seen.add(key)
    if (receipt === 'applied') taken += 1
    const action = answerTo(receipt, log.at(key) !== undefined)
    if (action === 'erase') superfluous.push(key)
    if (action === 'write') missing.push(...storedAt(log, key))
  }
  for (const record of log.stored()) if (!seen.has(record.key)) missing.push(record)
  await sendAll(shared, missing)
  if (superfluous.length > 0) await shared.erase(superfluous)
  return taken + missing.length + superfluous.length
}

/** What to do about a slot of the shared store, by what its text was found to be. */
function answerTo(receipt: Receipt, isHeld: boolean): 'write' | 'erase' | 'leave' {
  switch (receipt) {
    case 'applied':
    case 'equal':
      // A good record in a slot that is not its own.
      return isHeld ? 'leave' : 'erase'
    case 'outdated':
    case 'crowded':
      return 'erase'
    case 'older':
    case 'oversized':
    case 'malformed':
    case 'signature':
      return isHeld ? 'write' : 'leave'
    case 'schema':
    case 'future':
      return 'leave'
  }
}

function storedAt(log: OpenRecordLog, key: string): StoredRecord[] {
  const record = log.at(key)
  return record === undefined ? [] : [{ key, text: recordText(record) }]
}

async function sendAll(shared: SharedStore, records: readonly StoredRecord[]): Promise<void> {
  for (let start = 0; start < records.length; start += batchSize) {
    await shared.write(records.slice(start, start + batchSize))
  }
}
