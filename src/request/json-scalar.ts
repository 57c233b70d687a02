const numberForm = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Whether a text is a JSON number, `true`, `false` or `null` (RFC 8259, sections 3 and 6). */
export function isScalar(value: string): boolean {
  return value === 'true' || value === 'false' || value === 'null' || isShortInteger(value) || numberForm.test(value)
}

/** `0` to fifteen digits without a leading zero: the usual number, told without a pattern. */
function isShortInteger(value: string): boolean {
  if (value.length === 0 || value.length > 15 || (value.length > 1 && value.charCodeAt(0) === 0x30)) return false
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}

/** Whether a character can stand in such a text. */
export function isScalarCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x2b ||
    code === 0x45
  )
}
