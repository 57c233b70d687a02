import { detectSqlInjection } from '../../../src/innate/injection/detect-sql-injection.ts'
import { detectXss } from '../../../src/innate/injection/detect-xss.ts'
import type { Benchmark } from '../benchmark.ts'

/** Values of about 40 characters as requests have them; every second one needs the tokens. */
const values = [
  'please send the parcel to 12 High Street',
  'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
  'user@example.com; tel +49 (30) 123-456 7',
  '3f2b8c1e-77aa-4b1d-9c55-0a1b2c3d4e5f-abc',
  "it's a nice day, isn't it? (see you soon)",
  'https://shop.example/items?id=7&sort=name',
]
let found = 0

/** The least that any reading of a value costs: one look at each character. */
function lookAtEach(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at += 1) sum += text.charCodeAt(at)
  return sum
}

export const benchmark: Benchmark = {
  name: 'innate/injection: SQL injection and scripting in a value of 40 characters',
  opsPerRun: values.length * 100,
  baseline: {
    name: 'one look at each character',
    run: () => {
      for (let run = 0; run < 100; run += 1) for (const value of values) if (lookAtEach(value) < 0) found += 1
    },
  },
  candidate: {
    name: 'detectSqlInjection and detectXss',
    run: () => {
      for (let run = 0; run < 100; run += 1) {
        for (const value of values) if (detectSqlInjection(value).isInjection || detectXss(value)) found += 1
      }
      if (found > 0) throw new Error('a harmless value was taken for an attack')
    },
  },
}
