import type { Transformation } from './transformation.ts'

const separators = /\$\{ifs[^}]{0,20}\}|\$ifs(?:\$[0-9@*]?)?/gi
/** Quotes, escapes and empty expansions that a shell drops. */
const dropped = /[\\'"^]|\$[@*]|\$\{[@*]\}|\$u\b|``|\$\(\)/gi

export const commandLine: Transformation = {
  name: 'commandLine',
  means:
    'Reads text as a shell does: removes quotes, backslashes, carets and empty expansions, turns $IFS into a space.',
  apply: (text) => text.replace(separators, ' ').replace(dropped, ''),
  triggers: ['\\', "'", '"', '^', '$', '``'],
}
