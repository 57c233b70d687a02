/** A directive as one line of text, continued lines joined; `line` is where it begins. */
export type LogicalLine = { readonly text: string; readonly line: number }

/**
 * Joins lines that end in a backslash and drops comments and empty lines. A comment ends with its line, except a
 * directive that was commented out: its continued lines stay commented, as in ModSecurity 3.
 */
export function logicalLines(text: string): readonly LogicalLine[] {
  const found: LogicalLine[] = []
  let parts: string[] = []
  let start = 1
  let isComment = false
  const close = (): void => {
    const joined = parts.join('')
    if (!isComment && joined.trim() !== '') found.push({ text: joined, line: start })
    parts = []
  }
  for (const [index, raw] of withoutMark(text).split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (parts.length === 0) {
      start = index + 1
      isComment = line.trimStart().startsWith('#')
    }
    const isContinued = endsInBackslash(line) && (!isComment || parts.length > 0 || isCommentedDirective(line))
    parts.push(isContinued ? line.slice(0, -1) : line)
    if (!isContinued) close()
  }
  close()
  return found
}

/** Editors may put the byte order mark of UTF-8 before the first directive. */
const withoutMark = (text: string): string => (text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text)

const isCommentedDirective = (line: string): boolean => /^[ \t]*#[ \t]*Sec(?:Rule|Action)/i.test(line)

/** A doubled backslash stands for itself. */
function endsInBackslash(line: string): boolean {
  let count = 0
  while (line.charCodeAt(line.length - 1 - count) === 92) count += 1
  return count % 2 === 1
}
