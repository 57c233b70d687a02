import { ThymusError } from '../../../core/errors.ts'

/** Where a directive begins. */
export type Position = { readonly file: string; readonly line: number }

/** What is wrong with a directive: `file:line: rule ID: reason`. */
export function ruleFault(
  reason: string,
  { at, id, cause }: { readonly at: Position; readonly id?: string | number | null; readonly cause?: unknown },
): ThymusError {
  const rule = id === undefined || id === null ? '' : ` rule ${id}:`
  return new ThymusError('THY_RULE', `${at.file}:${at.line}:${rule} ${reason}`, { cause })
}
