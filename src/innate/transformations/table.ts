import { collapseWhitespace } from './collapse-whitespace.ts'
import { commandLine } from './command-line.ts'
import { joinStrings } from './join-strings.ts'
import { lookups } from './lookups.ts'
import { lowercase } from './lowercase.ts'
import { normalizePath } from './normalize-path.ts'
import { removeComments } from './remove-comments.ts'
import { removeControls } from './remove-controls.ts'
import { removeTags } from './remove-tags.ts'
import { removeWhitespace } from './remove-whitespace.ts'
import { sqlComments } from './sql-comments.ts'
import type { Transformation } from './transformation.ts'

/** Every transformation by the name that rule files use. */
export const transformationTable: ReadonlyMap<string, Transformation> = new Map(
  [
    lookups,
    lowercase,
    collapseWhitespace,
    removeWhitespace,
    removeControls,
    sqlComments,
    removeComments,
    removeTags,
    commandLine,
    normalizePath,
    joinStrings,
  ].map((transformation) => [transformation.name, transformation]),
)
