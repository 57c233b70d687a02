import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Grouping } from '../../src/replay/evaluation-groups.ts'

/** Recorded traffic that is measured. It is not part of the repository: a folder is named on the command line. */
export type DataSet = { readonly name: string; readonly groupBy: Grouping | null }

export const taughtSets: readonly DataSet[] = [
  { name: 'siteinject-dev', groupBy: 'client' },
  { name: 'csic2010-dev', groupBy: null },
  { name: 'httpparams-dev', groupBy: null },
]

/** Nothing in them teaches: they show what a part alarms about that was never told what is normal. */
export const untaughtSets: readonly DataSet[] = [
  { name: 'blazehttp-dev', groupBy: null },
  { name: 'text-benign-dev', groupBy: null },
]

/** Throws where the folder does not hold the set. */
export function fileOf(folder: string, { name }: DataSet): string {
  const file = join(folder, `${name}.jsonl.gz`)
  if (existsSync(file)) return file
  throw new Error(`There is no ${file}: name the folder of the recorded traffic with --data.`)
}
