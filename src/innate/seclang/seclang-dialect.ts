import { RE2JS } from 're2js'
import type { Dialect } from './compile/dialect.ts'
import { secOperatorTable } from './operators/table.ts'
import { secTransformationTable } from './transformations/table.ts'
import { isKnownVariable } from './variables/known-variables.ts'

/** Everything that rule files may name here. */
export const seclangDialect: Dialect = {
  operators: secOperatorTable,
  transformations: secTransformationTable,
  isKnownVariable,
  compilePattern: (source, { ignoreCase }) => {
    const pattern = RE2JS.compile(source, RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0))
    return (text) => pattern.test(text)
  },
}
