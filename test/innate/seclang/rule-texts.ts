import { ThymusError } from '../../../src/core/errors.ts'
import { parseSecLang } from '../../../src/innate/seclang/load-seclang.ts'
import type { RuleSource } from '../../../src/innate/seclang/parse/read-directives.ts'
import type { OrderedRule, RuleProgram } from '../../../src/innate/seclang/program.ts'

/** The program of a text that stands in `test.conf`. */
export const programOf = (text: string): RuleProgram => parseSecLang(text, 'test.conf')

/** The first rule of a text. */
export function ruleOf(text: string): OrderedRule {
  const [rule] = programOf(text).rules
  if (rule === undefined) throw new Error('the text has no rule')
  return rule
}

/** What a text is refused with; fails when it is accepted, or refused with anything but a ThymusError. */
export function faultOf(text: string): string {
  try {
    programOf(text)
  } catch (thrown) {
    if (thrown instanceof ThymusError && thrown.code === 'THY_RULE') return thrown.message
    throw thrown
  }
  throw new Error(`accepted: ${text}`)
}

/** Files in memory; globs know only `*`. */
export function sourceOf(files: Readonly<Record<string, string>>): RuleSource {
  const names = Object.keys(files).sort()
  return {
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new Error('no such file')
      return text
    },
    listFiles: (pattern, besideFile) => {
      const folder = besideFile?.includes('/') ? besideFile.slice(0, besideFile.lastIndexOf('/') + 1) : ''
      const [head = '', tail] = `${folder}${pattern}`.split('*')
      if (tail === undefined) return names.filter((name) => name === head)
      const isBetween = (name: string): boolean => !name.slice(head.length, name.length - tail.length).includes('/')
      return names.filter((name) => name.startsWith(head) && name.endsWith(tail) && isBetween(name))
    },
  }
}
