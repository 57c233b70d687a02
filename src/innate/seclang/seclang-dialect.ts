import { compilePcre } from '../patterns/compile-pcre.ts'
import type { Dialect } from './compile/dialect.ts'
import { secOperatorTable } from './operators/table.ts'
import { secTransformationTable } from './transformations/table.ts'
import { isKnownVariable, knownVariables } from './variables/known-variables.ts'

/** Everything that rule files may name here. */
export const seclangDialect: Dialect = {
  operators: secOperatorTable,
  transformations: secTransformationTable,
  isKnownVariable,
  hasKeys: (name) => knownVariables.get(name)?.kind === 'collection',
  compilePattern: (source, { ignoreCase }) => {
    const pattern = compilePcre(source, { ignoreCase })
    return (text) => pattern.test(text)
  },
}
