import { RE2JS } from 're2js'
import type { Work } from '../../operators/operator.ts'

/** Until the detectors and the pattern compiler of their own folders are there. */
export const detectSqlInjection = (text: string): { isInjection: boolean; fingerprint: string } => ({
  isInjection: /'\s*or\s/i.test(text),
  fingerprint: 's&1',
})
export const detectXss = (text: string): boolean => /<script/i.test(text)

export type Pattern = {
  readonly test: (text: string, work?: Work) => boolean
  readonly capture: (text: string) => readonly string[]
  readonly literals: readonly (readonly string[])[]
}

export function compilePcre(source: string, flags: { readonly ignoreCase?: boolean }): Pattern {
  const pattern = RE2JS.compile(
    source,
    RE2JS.DOTALL | RE2JS.MULTILINE | (flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0),
  )
  return {
    test: (text) => pattern.test(text),
    capture: (text) => {
      const matcher = pattern.matcher(text)
      if (!matcher.find()) return []
      return Array.from({ length: Math.min(10, pattern.groupCount() + 1) }, (_, group) => matcher.group(group) ?? '')
    },
    literals: [],
  }
}
