import { contains } from './contains.ts'
import { decodeDepth } from './decode-depth.ts'
import { endsWith } from './ends-with.ts'
import { equals } from './equals.ts'
import { flags } from './flags.ts'
import { host } from './host.ts'
import { length } from './length.ts'
import { number } from './number.ts'
import type { OperatorCompiler } from './operator.ts'
import { present } from './present.ts'
import { rx } from './rx.ts'
import { rxExact } from './rx-exact.ts'
import { startsWith } from './starts-with.ts'

/** Every operator by the name that rule files use. */
export const operatorTable: ReadonlyMap<string, OperatorCompiler> = new Map(
  [rx, rxExact, contains, equals, startsWith, endsWith, length, number, decodeDepth, flags, host, present].map(
    (operator) => [operator.name, operator],
  ),
)
