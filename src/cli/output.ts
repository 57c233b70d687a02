import type { Call, CommandContext, OptionTable } from './context.ts'

/** The option of every command that prints something. */
export const jsonOption: OptionTable = { json: { sentence: 'Print one JSON object instead of text.' } }

/** Prints one JSON object, or the text that says the same. */
export function print(call: Call, context: CommandContext, content: { json: unknown; text: () => string }): void {
  context.stdout(call.has('json') ? `${JSON.stringify(content.json)}\n` : endWithBreak(content.text()))
}

function endWithBreak(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

/** Columns under a head, two blanks apart; the last one may be as wide as it likes. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}

/** A share as a percentage: `94.5 %`, `-` when there is none. */
export function percent(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? '-' : `${(value * 100).toFixed(digits)} %`
}

export function percentRange(interval: readonly [number, number] | null): string {
  return interval === null ? '' : `(${(interval[0] * 100).toFixed(2)}-${(interval[1] * 100).toFixed(2)})`
}

/** UTC to the second. */
export function timeText(ms: number | null): string {
  return ms === null ? 'never' : `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** Text from elsewhere for a terminal: control characters could move the cursor or rename the window. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\uFFFD')
}
